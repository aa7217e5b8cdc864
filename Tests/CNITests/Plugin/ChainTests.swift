import CNI
import TestSupport
import Testing

/// The plugin as one of several in a list, under its own name and those of reference plugins, and with IPAM plugins of others.
@Suite(.pluginNamespaces) struct ChainTests {
    @Test func theReferenceListWorksWithOneProgram() throws {
        let lab = try PluginLab(#""mode": null, "isDefaultGateway": true, "ipMasq": true"#)
        let container = try Container()
        let bridge = try lab.call("ADD", container, as: "bridge")
        #expect(bridge.succeeded, "\(bridge.message)")
        let tuning: JSONObject = [
            "ipam": .null, "sysctl": .object(["net.ipv4.conf.IFNAME.log_martians": .string("1")]),
            "mtu": .integer(1300),
            "mac": .string("02:00:00:00:00:07"), "allmulti": .bool(true),
        ]
        let tuned = try lab.call("ADD", container, as: "tuning", tuning.replacing(["prevResult": bridge.node]))
        #expect(tuned.succeeded, "\(tuned.message)")
        #expect(tuned.addresses == bridge.addresses)
        #expect(tuned.node.text.contains("02:00:00:00:00:07"))
        let link = try container.tool("ip", "-d", "link", "show", "eth0")
        #expect(link.contains("mtu 1300") && link.contains("02:00:00:00:00:07") && link.contains("ALLMULTI"), "\(link)")
        #expect(try container.tool("cat", "/proc/sys/net/ipv4/conf/eth0/log_martians") == "1\n")

        let ports = try JSONNode(#"{"portMappings": [{"hostPort": 8090, "containerPort": 80, "protocol": "tcp"}]}"#)
        let portmap: JSONObject = ["ipam": .null, "runtimeConfig": ports]
        let mapped = try lab.call("ADD", container, as: "portmap", portmap.replacing(["prevResult": tuned.node]))
        #expect(mapped.node == tuned.node)
        #expect(try lab.tool("nft", "list", "ruleset").contains("8090"))

        let previous: JSONObject = ["prevResult": mapped.node]
        for (program, members) in [("bridge", [:]), ("tuning", tuning), ("portmap", portmap)] as [(String, JSONObject)]
        {
            let check = try lab.call("CHECK", container, as: program, members.replacing(previous))
            #expect(check.succeeded, "\(program): \(check.message)")
        }
        for (program, members) in [("portmap", portmap), ("tuning", tuning), ("bridge", [:])] as [(String, JSONObject)]
        {
            let answer = try lab.call("DEL", container, as: program, members.replacing(previous))
            #expect(answer.succeeded, "\(program): \(answer.message)")
        }
        #expect(try lab.traces() == [])
    }

    @Test(arguments: ["portmap", "bandwidth", "tuning", "fairlead-cni"])
    func whatGoesOnNeedsAPreviousResult(program: String) throws {
        let lab = try PluginLab()
        let alone: JSONObject = [
            "ipam": .null, "mode": .null, "isDefaultGateway": .null, "hairpinMode": .null, "type": .string(program),
        ]
        let answer = try lab.call("ADD", try Container(), as: program, alone)
        #expect(answer.code == 7)
        #expect(answer.message.contains("prevResult"))
    }

    @Test func itGoesOnWithTheLinkOfAnother() throws {
        let lab = try PluginLab()
        let container = try Container()
        let result = try lab.add(container)
        let members: JSONObject = [
            "ipam": .null, "mode": .null, "isDefaultGateway": .null, "hairpinMode": .null, "ipMasq": .null,
            "runtimeConfig": try JSONNode(#"{"portMappings": [{"hostPort": 81, "containerPort": 80}]}"#),
        ]
        let previous = members.replacing(["prevResult": result.node])
        let answer = try lab.call("ADD", container, previous)
        #expect(answer.node == result.node)
        #expect(try lab.call("CHECK", container, previous).succeeded)
        let deletion = try lab.call("DEL", container, previous)
        #expect(deletion.succeeded, "\(deletion.message)")
        // The link is that of the plugin before it.
        #expect(try container.tool("ip", "link").contains("eth0"))
        #expect(try lab.call("CHECK", container, previous).code == 103)
        #expect(try lab.call("DEL", container).succeeded)
        #expect(try lab.traces() == [])
    }

    @Test func loopbackAnswersUnderItsName() throws {
        let lab = try PluginLab()
        let container = try Container()
        let configuration: JSONObject = [
            "type": .string("loopback"), "ipam": .null, "mode": .null, "cniVersion": .string("0.4.0"),
        ]
        #expect(try lab.call("CHECK", container, as: "loopback", configuration).code == 103)
        let answer = try lab.call(
            "ADD", container, as: "loopback", configuration, variables: ["CNI_IFNAME": "lo", "CNI_ARGS": "FOO=1"])
        #expect(answer.succeeded, "\(answer.message)")
        #expect(answer.addresses == ["127.0.0.1", "::1"])
        #expect(try container.tool("ip", "link", "show", "lo").contains("UP"))
        #expect(try lab.call("CHECK", container, as: "loopback", configuration).succeeded)
        #expect(try lab.call("DEL", container, as: "loopback", configuration).succeeded)
        #expect(try lab.call("DEL", container, hasNamespace: false, as: "loopback", configuration).succeeded)
        #expect(
            try lab.call("DEL", container, as: "loopback", configuration, variables: ["CNI_NETNS": "/proc/self/ns/net"])
                .succeeded)
        #expect(try lab.tool("ip", "link", "show", "lo").contains("UP"))
    }

    @Test func hostLocalGivesAddressesOnly() throws {
        let lab = try PluginLab(#""type": "bridge""#)
        let container = try Container()
        let answer = try lab.call("ADD", container, as: "host-local")
        #expect(answer.addresses == ["10.90.0.2", "fd00:90::2"])
        #expect(answer.node.object?["interfaces"] == nil)
        #expect(try lab.call("CHECK", container, as: "host-local").succeeded)
        #expect(try lab.call("STATUS", as: "host-local").succeeded)
        #expect(try lab.call("DEL", container, as: "host-local").succeeded)
        #expect(try lab.call("CHECK", container, as: "host-local").code == 103)
        #expect(try lab.traces() == [])
    }

    @Test func anotherIPAMPluginIsAskedEverything() throws {
        let lab = try PluginLab()
        try lab.directory.write(
            script: "addresses",
            #"""
            echo "$CNI_COMMAND $CNI_CONTAINERID" >> "${0%/*}/calls"
            case "$CNI_COMMAND" in
            ADD) echo '{"cniVersion": "1.1.0", "ips": [{"address": "10.92.0.5/24", "gateway": "10.92.0.1"}],
                "routes": [{"dst": "0.0.0.0/0"}], "dns": {"nameservers": ["10.92.0.1"]}}';;
            STATUS) echo '{"code": 50, "msg": "no server"}'; exit 1;;
            esac
            """#)
        let container = try Container()
        let changes: JSONObject = ["ipam": .object(["type": .string("addresses")])]
        let answer = try lab.add(container, changes)
        #expect(answer.addresses == ["10.92.0.5"])
        #expect(answer.node.text.contains(#""dns":{"nameservers":["10.92.0.1"]}"#))
        #expect(try lab.call("CHECK", container, changes.replacing(["prevResult": answer.node])).succeeded)
        let status = try lab.call("STATUS", nil, changes)
        #expect(status.code == 50)
        #expect(status.message.contains("no server"))
        #expect(try lab.call("GC", nil, changes.replacing(["cni.dev/valid-attachments": .array([])])).succeeded)
        #expect(try lab.call("DEL", container, changes).succeeded)
        // The address is given back when the link cannot be made.
        let taken = try Container()
        _ = try taken.tool("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "other0")
        #expect(try lab.call("ADD", taken, changes).succeeded == false)
        #expect(
            try lab.directory.read("calls")
                == """
                ADD \(container.id)
                CHECK \(container.id)
                STATUS \("")
                GC \("")
                DEL \(container.id)
                ADD \(taken.id)
                DEL \(taken.id)

                """)
        #expect(try lab.traces() == [])
    }

    @Test func namesAreResolvedAsTheNearestSays() throws {
        let lab = try PluginLab()
        try lab.directory.write("resolv.conf", "# a comment\nnameserver 10.0.0.1\nsearch a b\noptions ndots:5\n")
        let ipam = try JSONNode(
            #"{"subnet": "10.93.0.0/24", "resolvConf": "\#(lab.directory.path)/resolv.conf", "dataDir": "\#(lab.directory.path)/leases"}"#
        )
        func dns(_ changes: JSONObject) throws -> String? {
            let container = try Container()
            let answer = try lab.add(container, changes.replacing(["ipam": ipam]))
            try lab.call("DEL", container, ["ipam": ipam])
            return answer.node.object?["dns"]?.text
        }
        #expect(try dns([:]) == #"{"nameservers":["10.0.0.1"],"search":["a","b"],"options":["ndots:5"]}"#)
        let own: JSONObject = ["dns": .object(["domain": .string("x"), "nameservers": .array([.string("10.0.0.2")])])]
        #expect(try dns(own) == #"{"nameservers":["10.0.0.2"],"domain":"x"}"#)
        let runtime = try JSONNode(#"{"dns": {"Servers": ["10.0.0.3"], "Searches": ["c"]}}"#)
        #expect(
            try dns(own.replacing(["runtimeConfig": runtime]))
                == #"{"nameservers":["10.0.0.3"],"domain":"x","search":["c"]}"#)
    }
}
