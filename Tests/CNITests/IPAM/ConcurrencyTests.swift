import Net
import Netlink
import Synchronization
import TestSupport
import Testing

@testable import CNI

@Suite("Many at once")
struct ConcurrencyTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    @Test("get addresses of their own, from eight threads")
    func threads() throws {
        let given = Mutex<[String]>([])
        let failures = Mutex<[String]>([])
        let threads = try (0..<8).map { thread in
            try JoinableThread { [fixture] in
                do {
                    let store = try fixture.store("10.1.0.0/23", cooldownSeconds: 0)
                    for number in 0..<60 {
                        let addresses = try store.take("c\(thread)-\(number)")
                        given.withLock { $0 += addresses }
                        // Every other one goes again, and may be given to another.
                        guard number % 2 == 0 else { continue }
                        given.withLock { $0.removeAll(where: addresses.contains) }
                        try store.release(attachment("c\(thread)-\(number)"))
                    }
                } catch { failures.withLock { $0.append("\(error)") } }
            }
        }
        for thread in threads { thread.join() }
        #expect(failures.withLock { $0 } == [])
        let addresses = given.withLock { $0 }
        #expect(addresses.count == 240)
        #expect(Set(addresses).count == 240)
        #expect(try Set(fixture.store("10.1.0.0/23").holders().keys) == Set(addresses))
    }

    /// What the processes of a storm said, as far as they came.
    private struct Account {
        var held: [String: [String]] = [:]
        var released: Set<String> = []
        /// Begun, and not known to have ended.
        var open: Set<String> = []

        mutating func add(_ line: String) {
            let words = line.dropFirst().split(separator: " ").map(String.init)
            guard let id = words.first else { return }
            switch line.first {
            case "+": open.insert(id)
            case "=":
                open.remove(id)
                held[id] = Array(words.dropFirst())
            case "-":
                held[id] = nil
                open.insert(id)
            case "~":
                open.remove(id)
                released.insert(id)
            default: Issue.record("a process failed: \(line)")
            }
        }
    }

    @Test("are killed at any moment, hundreds of times: no lease is lost, and no address leaks or is given twice")
    func storm() throws {
        let namespace = try NetworkNamespace.current()
        let subnets = ["10.1.0.0/25", "fd00:1::/120"]
        var configuration = try fixture.configuration(subnets.map { [.init(try IPPrefix($0))] }, cooldownSeconds: 0)
        configuration.dataDirectory = fixture.directory
        let store = try AddressStore(configuration, network: "storm")
        func id(_ container: String) -> CNI.Attachment { attachment(container, network: "storm") }
        for round in 0..<50 {
            var account = Account()
            let processes = try (0..<4).map { number in
                try ChildProcess(
                    [
                        "bash", "-c", #"exec "$0" "$@" 2>&1"#, BuiltProduct.path("address-store-driver"),
                        fixture.directory, "r\(round)p\(number)", "\(UInt64.random(in: 0 ... .max))",
                    ] + subnets, in: namespace)
            }
            for process in processes {
                // It is at work; the kill comes at any moment of it.
                account.add(try #require(process.receiveLine(timeoutMilliseconds: 60_000)))
                sleepThread(until: .now + .microseconds(Int.random(in: 0..<3000)))
                process.kill()
            }
            for process in processes {
                while let line = process.receiveLine(timeoutMilliseconds: 0) { account.add(line) }
            }
            #expect(Set(account.held.values.joined()).count == account.held.values.joined().count)
            #expect(try store.unreadable() == [])
            for (container, addresses) in account.held {
                #expect(try store.addresses(of: id(container)).map(\.address.description) == addresses)
            }
            for container in account.released { #expect(try store.addresses(of: id(container)) == []) }
            #expect(try Set(store.holders().values).isSubset(of: account.open.union(account.held.keys)))
            for container in account.open.union(account.held.keys) { try store.release(id(container)) }
            #expect(try store.holders() == [:])
        }
        #expect(
            try Set(
                (0..<125).flatMap { number in
                    let reservation = try store.reserve(id("all\(number)"))
                    let addresses = reservation.addresses
                    reservation.commit()
                    return addresses.map(\.address)
                }
            ).count == 250)
        #expect(throws: CNIError.self) { _ = try store.reserve(id("one too many")) }
    }
}
