import ArgumentParser
import Net

/// An address with a port: "127.0.0.1:8001", "[::1]:8001".
struct APIAddress: Equatable, CustomStringConvertible {
    let address: IPAddress
    let port: UInt16

    init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    init(argument: String) throws {
        guard let colon = argument.lastIndex(of: ":"), let port = UInt16(argument[argument.index(after: colon)...])
        else { throw ValidationError("'\(argument)' is no address with a port, such as 127.0.0.1:8001") }
        var host = argument[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        do { address = try IPAddress(String(host)) } catch { throw ValidationError("\(error)") }
        self.port = port
    }

    var description: String { address.family == .ipv4 ? "\(address):\(port)" : "[\(address)]:\(port)" }
}
