import FoundationEssentials
import TestSupport
import Testing

/// The newest library that runtimes call plugins with, which asks for what the one in Debian's containerd does not know.
@Suite("Pods of libcni's own cnitool", .node(with: "ip", "nft"), .peer("cnitool"), .serialized)
struct LibcniTests {
    private let node: RuntimeNode

    init() throws {
        node = try RuntimeNode()
        try node.install(.dualStack)
        for name in ["one", "two"] { try node.run("ip netns add \(name)") }
    }

    /// - Parameter hostPort: Of TCP, to port 80 of the pod.
    private func call(_ command: String, _ pod: String, hostPort: Int? = nil) throws -> String {
        let ports =
            hostPort.map { #"{"portMappings": [{"hostPort": \#($0), "containerPort": 80, "protocol": "tcp"}]}"# } ?? ""
        return try node.run(
            """
            export NETCONFPATH=/etc/cni/net.d CNI_PATH=/opt/cni/bin CAP_ARGS='\(ports)'
            '\(Peer.path("cnitool"))' \(command) fairlead /run/netns/\(pod)
            """)
    }

    /// In any order: that of a set's elements changes when they are written anew.
    private func rules() throws -> [String] {
        try node.run("nft list ruleset").split { $0.isNewline || $0 == "," || $0 == "{" || $0 == "}" }
            .map { $0.filter { !$0.isWhitespace } }.sorted()
    }

    @Test("are called in version 1.1.0, by the list's cniVersions, and leave nothing")
    func versions() throws {
        #expect(try call("status", "one") == "")
        let result = try call("add", "one", hostPort: 8090)
        #expect(result.contains(#""cniVersion": "1.1.0""#) && result.contains(#""mtu""#), "\(result)")
        #expect(try call("check", "one", hostPort: 8090) == "")
        #expect(try node.attachments().map(\.addresses.count) == [2])
        #expect(try call("del", "one", hostPort: 8090) == "")
        #expect(try call("del", "one", hostPort: 8090) == "")
        try node.expectNothingLeft()
    }

    @Test("have STATUS say why none can be added")
    func unavailable() throws {
        try node.run("'\(RuntimeNode.program)' cni install >/dev/null")
        let failure = #expect(throws: Tool.Failure.self) { try call("status", "one") }
        #expect(
            failure?.output.contains("the node's pod networks are not known yet") == true, "\(failure?.output ?? "")")
        // An agent of the node has found out.
        try node.write("/run/fairlead/pod-cidrs", "10.244.1.0/24\n")
        #expect(try call("status", "one") == "")
        let result = try call("add", "one")
        #expect(result.contains("10.244.1.2/24") && !result.contains("::/0"), "\(result)")
        #expect(try call("del", "one") == "")
        try node.expectNothingLeft()
    }

    @Test("get their rules back by STATUS, and by `fairlead cni repair`, when somebody has flushed them")
    func repair() throws {
        for (name, port) in [("one", 8090), ("two", 8091)] { _ = try call("add", name, hostPort: port) }
        let before = try rules()
        for command in ["flush ruleset", "delete table ip6 fairlead-cni", "flush chain ip fairlead-cni host-ports"] {
            try node.run("nft \(command)")
            #expect(try rules() != before)
            #expect(try call("status", "one") == "")
            #expect(try rules() == before, "after \(command)")
        }
        let repair = "'\(RuntimeNode.program)' cni repair"
        #expect(try node.run(repair) == "nothing to repair\n")
        try node.run("nft flush map ip fairlead-cni host-ports")
        #expect(throws: Tool.Failure.self) { try call("check", "one", hostPort: 8090) }
        #expect(try node.run("\(repair) --dry-run | cut -d ' ' -f 1,2 | sort | uniq -c | xargs") == "2 damaged: eth0\n")
        #expect(
            try node.run("\(repair) | grep -c '^repaired: eth0 of container cnitool-.* in network fairlead: element '")
                == "2\n")
        #expect(try rules() == before)
        #expect(try call("check", "one", hostPort: 8090) == "")
        for (name, port) in [("one", 8090), ("two", 8091)] { _ = try call("del", name, hostPort: port) }
        try node.expectNothingLeft()
    }

    @Test("are all removed by a GC that names none as valid; the plugin wants to be told so")
    func collection() throws {
        _ = try call("add", "one", hostPort: 8090)
        _ = try call("add", "two")
        let failure = #expect(throws: Tool.Failure.self) { try call("gc", "one") }
        #expect(failure?.output.contains("cni.dev/valid-attachments: not given") == true, "\(failure?.output ?? "")")
        try node.expectNothingLeft()
    }
}
