import Net
import Netlink
import Synchronization
import TestSupport

@testable import CNI

/// The test's own process, by its number.
enum ProcessNumber {
    /// Of /proc/self, as the kernel shows it.
    static let own = (try? Sysctl.read("stat", under: "/proc/self"))?.split(separator: " ").first.map(String.init) ?? ""
}

extension PodRulesLab {
    /// Rules of a pod that is not there: address and id are made of its number.
    func standIn(_ number: Int, _ ports: [HostPort] = []) -> PodRules {
        var configuration = HostPortConfiguration()
        configuration.ports = ports
        let number32 = UInt32(number)
        let addresses = [
            AttachmentResult.Address(IPAddress(v4: 0x0AF4_0100 + 20 + number32), prefixLength: 24),
            AttachmentResult.Address(IPAddress(v6: 0xFD44 << 48 | 1, UInt64(20 + number)), prefixLength: 64),
        ]
        return PodRules(
            CNI.Attachment(network: network, containerID: "pod-\(number)", interfaceName: "eth0"),
            addresses: addresses, masquerades: true, hostPorts: configuration)
    }

    /// Runs `body` on threads in the node's namespace that start together, and returns what each gives.
    func concurrently<Result: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (Int) -> Result
    ) throws -> [Result] {
        let results = Results<Result>()
        let start = StartLine(count)
        try node.run {
            let threads = try (0..<count).map { index in
                try JoinableThread {
                    start.wait()
                    let result = body(index)
                    results.values.withLock { $0[index] = result }
                }
            }
            for thread in threads { thread.join() }
        }
        return results.values.withLock { values in (0..<count).compactMap { values[$0] } }
    }
}

private final class Results<Value: Sendable>: Sendable {
    let values = Mutex<[Int: Value]>([:])
}

/// Where threads wait for each other.
private final class StartLine: Sendable {
    private let missing: Atomic<Int>

    init(_ count: Int) { missing = Atomic(count) }

    func wait() {
        missing.subtract(1, ordering: .relaxed)
        while missing.load(ordering: .relaxed) > 0 { sleepThread(until: .now + .microseconds(50)) }
    }
}
