import Glibc
import Netlink
import Testing

@Suite struct DirectoryTests {
    private func withDirectory(_ body: (borrowing Directory, String) throws -> Void) throws {
        var template = Array("/tmp/fairlead-directory-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { rmdir(path) }
        try Directory.make("\(path)/a/b/c")
        try Directory.make("\(path)/a/b/c")
        guard let top = try Directory.open(path), let directory = try Directory.open("\(path)/a/b") else {
            Issue.record("no directory")
            return
        }
        try body(directory, "\(path)/a/b")
        try directory.removeDirectory("c")
        #expect(try directory.names() == [])
        rmdir("\(path)/a/b")
        try top.removeDirectory("a")
    }

    @Test("A directory's files are made, renamed, listed and removed, and what is not there is nil")
    func files() throws {
        try withDirectory { directory, path in
            #expect(try directory.names() == ["c"])
            #expect(try Directory.open("\(path)/none") == nil)
            #expect(try directory.openFile("none") == nil)
            #expect(try directory.openDirectory("none") == nil)
            guard let inner = try directory.openDirectory("c") else { throw SystemError(errno: ENOENT, operation: "c") }
            #expect(try inner.openFile("one", creating: true) != nil)
            #expect(try inner.openFile("two", creating: true) != nil)
            try inner.rename("one", to: "two")
            #expect(try inner.names() == ["two"])
            #expect(throws: SystemError.self) { try directory.makeDirectory("c") }
            #expect(symlink("/etc/passwd", "\(path)/c/link") == 0)
            #expect(throws: SystemError.self) { _ = try inner.openFile("link") }
        }
    }

    @Test("A file is read and written at positions, and its holes are passed over")
    func positions() throws {
        try withDirectory { directory, _ in
            guard let inner = try directory.openDirectory("c"), let file = try inner.openFile("f", creating: true)
            else { throw SystemError(errno: ENOENT, operation: "f") }
            #expect(try file.data(from: 0) == nil)
            try file.write([1, 0, 0, 0, 2, 0, 0, 0], at: 1 << 20)
            #expect(try file.byteCount() == (1 << 20) + 8)
            #expect(try file.read(at: 1 << 20, byteCount: 100) == [1, 0, 0, 0, 2, 0, 0, 0])
            #expect(try file.read(at: 1 << 20, wordCount: 2).map(UInt32.init(littleEndian:)) == [1, 2])
            #expect(try file.read(at: 0, byteCount: 3) == [0, 0, 0])
            let data = try #require(try file.data(from: 0))
            #expect(data.contains(1 << 20))
            #expect(data.upperBound == (1 << 20) + 8)
            #expect(try file.data(from: (1 << 20) + 8) == nil)
            try file.setByteCount(2)
            #expect(try file.read(at: 0, byteCount: 9) == [0, 0])
        }
    }
}
