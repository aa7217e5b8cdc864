import Glibc
import Netlink
import Testing

@Suite(.enabled(if: mayMakeNamespaces)) struct NetworkNamespaceTests {
    @Test func bodyRunsInsideAndTheCallerStaysOutside() throws {
        let outside = try NetworkNamespace.current().identity
        let namespace = try NetworkNamespace.create()
        #expect(namespace.identity != outside)
        #expect(try namespace.run { try NetworkNamespace.current().identity } == namespace.identity)
        #expect(try NetworkNamespace.current().identity == outside)
    }

    @Test func socketStaysWhereItWasMade() throws {
        let namespace = try NetworkNamespace.create()
        var socket = try namespace.run { try NFTSocket() }
        var batch = NFTBatch()
        batch.add(RuleSet(.ipv4).table)
        try socket.commit(&batch)
        #expect(try namespace.run { try Tool.run("nft", "list", "tables") } == "table ip fairlead\n")
    }

    @Test func errorsOfTheBodyComeOut() throws {
        struct Failure: Error {}
        #expect(throws: Failure.self) { try NetworkNamespace.create().run { throw Failure() } }
    }

    @Test func namedNamespaceIsThatOfIPNetns() throws {
        let name = "fairlead-test-\(getpid())"
        let namespace = try NamedNetworkNamespace.create(name)
        defer { _ = try? NamedNetworkNamespace.delete(name) }
        #expect(try Tool.run("ip", "netns", "list").split(separator: "\n").contains { $0.hasPrefix(name) })
        #expect(try NetworkNamespace(name: name).identity == namespace.identity)
        #expect(try NetworkNamespace(path: NamedNetworkNamespace.path(name)).identity == namespace.identity)
        let link = try Tool.run("ip", "netns", "exec", name, "readlink", "/proc/self/ns/net")
        #expect(link == "net:[\(namespace.identity.inode)]\n")
        let taken = #expect(throws: SystemError.self) { _ = try NamedNetworkNamespace.create(name) }
        #expect(taken?.description == "network namespace \(name): File exists (EEXIST)")
        try NamedNetworkNamespace.delete(name)
        let gone = #expect(throws: SystemError.self) { _ = try NetworkNamespace(name: name) }
        #expect(gone?.errno == ENOENT)
        #expect(throws: SystemError.self) { try NamedNetworkNamespace.delete(name) }
        for name in ["", "..", "a/b"] {
            #expect(throws: SystemError.self) { _ = try NamedNetworkNamespace.create(name) }
        }
    }

    @Test func namespaceOfAProcess() throws {
        #expect(try NetworkNamespace(processID: getpid()).identity == NetworkNamespace.current().identity)
    }

    @Test func lockIsOfOneHolderInANamespace() throws {
        let namespace = try NetworkNamespace.create()
        let refused = try namespace.run {
            let lock = try InstanceLock(name: "proxy")
            var error: InstanceLock.Failure?
            for _ in 0..<20 {
                error = #expect(throws: InstanceLock.Failure.self) { _ = try InstanceLock(name: "proxy") }
            }
            // Another name, and the same in another namespace, are free.
            _ = try InstanceLock(name: "cni")
            _ = try inNewNamespace { try InstanceLock(name: "proxy") }
            withExtendedLifetime(lock) {}
            return error
        }
        #expect(refused == .held(name: "proxy", processID: getpid()))
        #expect(
            refused?.description == "proxy: already running in this network namespace, as process \(getpid())")
        // The first has gone with its descriptor; a process that another test starts has a copy until it executes.
        try namespace.run {
            for _ in 0..<1000 {
                if (try? InstanceLock(name: "proxy")) != nil { return }
                usleep(5000)
            }
            _ = try InstanceLock(name: "proxy")
        }
    }

    @Test func lockNamesAnotherProcess() throws {
        let namespace = try NetworkNamespace.create()
        let error = try namespace.run {
            let holder = try BackgroundTool("socat", "ABSTRACT-LISTEN:fairlead/proxy,fork", "-")
            defer { holder.stop() }
            for _ in 0..<1000 {
                do throws(InstanceLock.Failure) { _ = try InstanceLock(name: "proxy") } catch {
                    return (error, holder.processID)
                }
                usleep(5000)
            }
            throw Tool.Failure(command: ["socat"], status: 0, output: "never listened")
        }
        #expect(error.0 == .held(name: "proxy", processID: error.1))
    }
}
