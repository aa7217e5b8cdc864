import Net
import TestSupport

extension Probe.Outcome {
    var isAnswer: Bool { server != nil }

    /// A sender on the node itself may hear of it from `send` already: a packet that the output hook rejects is EPERM
    /// there, and ECONNREFUSED at the next call.
    func isRefusal(from place: TrafficLab.Place, _ transport: L4Protocol) -> Bool {
        self == .refused || isStoppedLocally(from: place, transport)
    }

    /// Nothing came. A sender on the node itself hears from `send` of a packet that the output hook drops.
    func isSilence(from place: TrafficLab.Place, _ transport: L4Protocol) -> Bool {
        self == .timedOut || isStoppedLocally(from: place, transport)
    }

    /// EPERM; a TCP connection does not tell.
    private func isStoppedLocally(from place: TrafficLab.Place, _ transport: L4Protocol) -> Bool {
        place == .node && transport != .tcp && self == .failed(errno: 1)
    }

    /// The name of the server that answered.
    var server: String? {
        guard case .answered(let name, _) = self else { return nil }
        return name
    }
}
