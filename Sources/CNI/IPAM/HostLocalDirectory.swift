import Net
import Netlink

/// A network's directory of the reference plugin `host-local`: a file for each address with `ID\r\nINTERFACE` in it, `last_reserved_ip.N`
/// for each range set, and the file `lock`, on which everybody takes flock(2). Nothing in it is changed.
struct HostLocalDirectory: ~Copyable {
    private let directory: Directory
    private let lock: RegularFile
    private let path: String

    /// Opens and locks it; nil when there is none.
    init?(_ path: String) throws(CNIError) {
        do throws(SystemError) {
            guard let directory = try Directory.open(path), let lock = try directory.openFile("lock", creating: true)
            else { return nil }
            try lock.lock()
            self.directory = directory
            self.lock = lock
            self.path = path
        } catch { throw Self.failure(path, error) }
    }

    /// The names of the files that are addresses, in the addresses' order.
    func addresses() throws(CNIError) -> [(name: String, address: IPAddress)] {
        do throws(SystemError) {
            return try directory.names()
                .compactMap { name in IPAddress(parsing: name).map { (name: name, address: $0) } }
                .sorted { $0.address < $1.address }
        } catch { throw Self.failure(path, error) }
    }

    /// Who has an address. Versions before 0.7 wrote no interface's name; Kubernetes' pods have `eth0`.
    ///
    /// - Throws: `.ioFailure`, also when the file has something else.
    func owner(_ name: String) throws(CNIError) -> LeaseOwner {
        let text = try text(of: name)
        // One character in Swift, whatever its bytes.
        let lines = text.split(whereSeparator: \.isNewline)
        guard let id = lines.first, lines.count <= 2,
            let owner = LeaseOwner(
                containerID: String(id), interfaceName: lines.count == 2 ? String(lines[1]) : "eth0")
        else { throw CNIError(.ioFailure, "it has no container id, or one that is too long") }
        return owner
    }

    /// The address that a range set gave last.
    func lastReserved(setNumber: Int) throws(CNIError) -> IPAddress? {
        IPAddress(parsing: try text(of: "last_reserved_ip.\(setNumber)"))
    }

    /// Empty when there is no such file. None is longer than a page.
    private func text(of name: String) throws(CNIError) -> String {
        do throws(SystemError) {
            guard let file = try directory.openFile(name) else { return "" }
            let text = String(decoding: try file.read(at: 0, byteCount: 4096), as: UTF8.self)
            return String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        } catch { throw Self.failure(path, error) }
    }

    private static func failure(_ path: String, _ error: SystemError) -> CNIError {
        CNIError(.ioFailure, "the addresses of host-local in \(path): \(error)")
    }
}
