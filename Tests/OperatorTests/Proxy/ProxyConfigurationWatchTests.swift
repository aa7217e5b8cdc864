import FoundationEssentials
import Testing

@testable import fairlead

/// A watch that runs.
private final class RunningWatch: Sendable {
    private let task: Task<Void, any Error>
    private let looks: AsyncStream<Void>

    init(_ watch: ProxyConfigurationWatch) {
        let (looks, look) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.looks = looks
        var watch = watch
        watch.didFindNothing = { look.yield() }
        task = Task { [watch] in try await watch.waitForChange() }
    }

    deinit { task.cancel() }

    /// Waits until it has looked once more and found nothing.
    func look() async {
        for await _ in looks { return }
    }

    /// Waits until it has ended for a change.
    func end() async throws { try await task.value }
}

@Suite("The watch of the configuration file", .timeLimit(.minutes(15)))
struct ProxyConfigurationWatchTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// - Parameter rescan: Longer than any test by default: what ends the watch is a notice.
    private func watch(_ name: String, _ text: String, rescan: Duration = .seconds(3600)) -> RunningWatch {
        var watch = ProxyConfigurationWatch(path: directory.file(name), text: text)
        watch.quietTime = .milliseconds(20)
        watch.rescanInterval = rescan
        return RunningWatch(watch)
    }

    @Test("ends when the file is written")
    func written() async throws {
        try directory.write("config.conf", "a")
        let watch = watch("config.conf", "a")
        await watch.look()
        try directory.write("config.conf", "b")
        try await watch.end()
    }

    @Test("ends when another file is moved over it, as editors do")
    func replaced() async throws {
        try directory.write("config.conf", "a")
        let watch = watch("config.conf", "a")
        await watch.look()
        try Data("b".utf8).write(to: URL(filePath: directory.file("config.conf")), options: .atomic)
        try await watch.end()
    }

    @Test("ends when the link of a ConfigMap's volume is swapped")
    func configMap() async throws {
        try directory.write("..2026_1/config.conf", "a")
        try directory.write("..2026_2/config.conf", "b")
        try directory.link("..data", to: "..2026_1")
        try directory.link("config.conf", to: "..data/config.conf")
        let watch = watch("config.conf", "a")
        await watch.look()
        // The kubelet moves a new link over the old one.
        try directory.link("..data_tmp", to: "..2026_2")
        try directory.replaceLink("..data", with: "..data_tmp")
        try await watch.end()
    }

    @Test("ends when the file is removed and there is another one, and not before")
    func removed() async throws {
        try directory.write("config.conf", "a")
        let watch = watch("config.conf", "a", rescan: .milliseconds(10))
        try directory.remove("config.conf")
        for _ in 0..<5 { await watch.look() }
        try directory.write("config.conf", "b")
        try await watch.end()
    }

    @Test("does not end when the content is as it was, or none")
    func touched() async throws {
        try directory.write("config.conf", "a")
        let watch = watch("config.conf", "a", rescan: .milliseconds(10))
        for _ in 0..<10 {
            try directory.write("config.conf", "a")
            try Data("a".utf8).write(to: URL(filePath: directory.file("config.conf")), options: .atomic)
            await watch.look()
        }
        try directory.write("config.conf", "")
        for _ in 0..<5 { await watch.look() }
        try directory.write("config.conf", "b")
        try await watch.end()
    }

    @Test("ends for what was changed before it began")
    func early() async throws {
        try directory.write("config.conf", "b")
        let watch = watch("config.conf", "a")
        try await watch.end()
    }

    @Test("finds by rescans what no notice tells of: a link to another directory, a directory that comes later")
    func rescans() async throws {
        try directory.write("elsewhere/real.conf", "a")
        try directory.write("here/other", "")
        try directory.link("here/config.conf", to: directory.file("elsewhere/real.conf"))
        let linked = watch("here/config.conf", "a", rescan: .milliseconds(10))
        let absent = watch("later/config.conf", "a", rescan: .milliseconds(10))
        try directory.write("elsewhere/real.conf", "b")
        try await linked.end()
        await absent.look()
        try directory.write("later/config.conf", "b")
        try await absent.end()
    }

    @Test("ends with its task")
    func cancelled() async throws {
        try directory.write("config.conf", "a")
        let watch = ProxyConfigurationWatch(path: directory.file("config.conf"), text: "a")
        let task = Task { try await watch.waitForChange() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
