import Dataplane
import Net

extension TracedPacket {
    /// From addresses that a test writes down.
    package init(from source: String, to destination: String, _ port: UInt16, _ proto: L4Protocol = .tcp) {
        guard let source = IPAddress(parsing: source), let destination = IPAddress(parsing: destination) else {
            preconditionFailure("not addresses: \(source), \(destination)")
        }
        self.init(source: source, destination: destination, port: port, protocol: proto)
    }
}
