import Testing

/// At most two test cases at a time: the kernel's neighbour tables hold 1024 entries for all network namespaces
/// together (net.ipv6.neigh.default.gc_thresh3), and a full one drops packets, which is not what is tested.
struct FewAtATime: TestTrait, SuiteTrait, TestScoping {
    let isRecursive = true

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        await Turns.shared.take()
        defer { Task { await Turns.shared.give() } }
        try await function()
    }
}

extension Trait where Self == FewAtATime {
    static var fewAtATime: Self { FewAtATime() }
}

/// Counts who works, and queues who waits.
private actor Turns {
    static let shared = Turns()

    private var free = 2
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func take() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func give() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
