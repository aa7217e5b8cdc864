import Glibc
import Netlink
import Testing

/// Directories, kernel parameters and errors.
@Suite struct SystemTests {
    @Test func monitorReportsWhatHappensInADirectory() throws {
        let directory = try TemporaryDirectory()
        let monitor = try DirectoryMonitor(path: directory.path)
        #expect(try monitor.drain() == [])
        try directory.write("a.yaml", "one")
        #expect(try monitor.wait(timeoutMilliseconds: 10_000) == [.created("a.yaml"), .written("a.yaml")])
        #expect(rename("\(directory.path)/a.yaml", "\(directory.path)/b.yaml") == 0)
        #expect(try monitor.drain() == [.movedOut("a.yaml"), .movedIn("b.yaml")])
        #expect(unlink("\(directory.path)/b.yaml") == 0)
        #expect(try monitor.drain() == [.deleted("b.yaml")])
        #expect(try monitor.wait(timeoutMilliseconds: 0) == [])
        #expect(rmdir(directory.path) == 0)
        #expect(try monitor.drain() == [.directoryGone])
    }

    @Test func monitorNamesTheMissingDirectory() throws {
        let error = try #require(throws: SystemError.self) { _ = try DirectoryMonitor(path: "/nonexistent") }
        #expect(error.description == "watch of directory /nonexistent: No such file or directory (ENOENT)")
    }

    @Test func sysctlIsReadByEitherSpelling() throws {
        let name = try Sysctl.read("kernel.ostype")
        #expect(name == "Linux")
        #expect(try Sysctl.read("kernel/ostype") == name)
        for name in ["kernel.absent", "kernel/../kernel/ostype", "", "kernel..ostype"] {
            #expect(throws: SystemError.self) { try Sysctl.read(name) }
        }
    }

    @Test(.enabled(if: mayMakeNamespaces)) func sysctlIsWrittenInTheNamespace() throws {
        let outside = try Sysctl.read("net.ipv4.ip_forward")
        let inside = try inNewNamespace {
            let before = try Sysctl.read("net.ipv4.ip_forward")
            try Sysctl.write("net.ipv4.ip_forward", before == "1" ? "0" : "1")
            let error = #expect(throws: SystemError.self) { try Sysctl.write("net.ipv4.ip_forward", "x") }
            #expect(error?.description == "sysctl net.ipv4.ip_forward = x: Invalid argument (EINVAL)")
            return (before, try Sysctl.read("net.ipv4.ip_forward"))
        }
        #expect(inside.0 != inside.1)
        #expect(try Sysctl.read("net.ipv4.ip_forward") == outside)
    }
}

/// A directory that is removed with its files.
private struct TemporaryDirectory: ~Copyable {
    let path: String

    init() throws {
        var template = [CChar]("/tmp/fairlead-test-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in ["a.yaml", "b.yaml"] { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    func write(_ name: String, _ text: String) throws {
        let file = open("\(path)/\(name)", O_WRONLY | O_CREAT, 0o600)
        try #require(file >= 0)
        defer { close(file) }
        try #require(Glibc.write(file, text, text.utf8.count) == text.utf8.count)
    }
}
