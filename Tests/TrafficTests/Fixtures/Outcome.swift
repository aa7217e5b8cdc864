import Net
import TestSupport

extension Probe.Outcome {
    var isAnswer: Bool { server != nil }

    /// A sender on the node itself may hear of it from `send` already: a datagram that the output hook rejects is EPERM
    /// there, and ECONNREFUSED at the next call.
    func isRefusal(from place: TrafficLab.Place, _ transport: L4Protocol) -> Bool {
        self == .refused || (place == .node && transport == .udp && self == .failed(errno: 1))
    }

    /// The name of the server that answered.
    var server: String? {
        guard case .answered(let name, _) = self else { return nil }
        return name
    }
}
