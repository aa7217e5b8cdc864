import CNI
import TestSupport
import Testing

/// Input that was damaged at random never ends the process in another way than with an answer.
@Suite struct FuzzTests {
    private static let configurations =
        CapturedCall.all.map(\.input) + [
            #"""
            {"cniVersion": "1.1.0", "name": "pods", "type": "fairlead-cni", "mode": "bridge", "isDefaultGateway": true,
             "vlan": 3, "vlanTrunk": [{"minID": 1, "maxID": 4}, {"id": 7}], "mtu": 1400, "ipMasq": true,
             "ipam": {"ranges": [[{"subnet": "10.1.0.0/24", "rangeStart": "10.1.0.9", "gateway": "10.1.0.1"}],
             [{"subnet": "fd00::/64"}]], "routes": [{"dst": "::/0", "gw": "fd00::1", "mtu": 1280, "scope": 253}]},
             "args": {"cni": {"ips": ["10.1.0.10/24"], "mac": "02:00:00:00:00:01", "sysctl": {"net.ipv4.conf.IFNAME.forwarding": "1"}}},
             "dns": {"nameservers": ["10.96.0.10"], "domain": "a", "search": ["b"], "options": ["c"]},
             "ingressRate": 8000, "ingressBurst": 8000, "txQLen": 5, "allmulti": true, "promisc": false}
            """#
        ]

    @Test(arguments: 0..<UInt64(8))
    func damagedConfigurationsAreReadOrRefused(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<600 {
            let input = Self.damaged(Self.configurations, &generator)
            for command in ["ADD", "DEL", "CHECK", "STATUS", "GC"] {
                Self.read(input, Calls.environment(command))
            }
        }
    }

    /// Everything that reads the configuration, and nothing that acts on it.
    private static func read(_ input: [UInt8], _ variables: [String: String]) {
        do throws(CNIError) {
            let call = try PluginCall(try PluginEnvironment(variables), input: input, program: "fairlead-cni")
            if let previous = try? call.previousResult {
                for version in SpecVersion.allCases { checkWriting(previous.json(version)) }
            }
            _ = try? call.validAttachments
            _ = try PodConfiguration(call)
        } catch {
            #expect(!error.message.isEmpty)
            checkWriting(error.json(.latest))
        }
    }

    /// As a process answers that a runtime has started for a container whose namespace is gone, so that no call does anything.
    @Test(arguments: 0..<UInt64(8))
    func damagedCallsAreAnsweredWithAnErrorInJSON(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<400 {
            let input = Self.damaged(Self.configurations, &generator)
            let command = round.isMultiple(of: 2) ? "ADD" : "CHECK"
            var variables = Calls.environment(command, namespacePath: "/nonexistent/netns")
            if round.isMultiple(of: 5), let name = variables.keys.sorted().randomElement(using: &generator),
                let value = variables[name], name != "CNI_NETNS"
            {
                variables[name] = String(decoding: Self.damaged([value], &generator), as: UTF8.self)
            }
            let program = PluginKind.allCases.randomElement(using: &generator)?.rawValue ?? ""
            let answer = PluginProcess.answer(program: program, variables) { _ in input }
            let object = try #require(try JSONNode(parsing: answer.output).object)
            // VERSION, which a damaged command may have become, is always answered.
            if object["supportedVersions"] != nil { continue }
            #expect(answer.exitStatus == 1)
            guard case .number(let text)? = object["code"] else {
                Issue.record("no code: \(String(decoding: answer.output, as: UTF8.self))")
                continue
            }
            #expect(
                [1, 2, 3, 4, 6, 7].contains(try #require(Int(text))),
                "\(String(decoding: answer.output, as: UTF8.self))")
            #expect(object["msg"]?.string?.isEmpty == false)
            #expect(object["cniVersion"]?.string.flatMap(SpecVersion.init(rawValue:)) != nil)
        }
    }

    /// What is written can be read, and is the same then.
    private static func checkWriting(_ node: JSONNode) {
        #expect(throws: Never.self) {
            let again = try JSONNode(node.text)
            #expect(again == node)
        }
    }

    @Test(arguments: 0..<UInt64(4))
    func damagedArgumentsAreReadOrRefused(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let texts =
            CapturedCall.all.compactMap { $0.environment["CNI_ARGS"] } + ["IP=10.0.0.1/24;MAC=02:00:00:00:00:01"]
        for _ in 0..<500 {
            let text = String(decoding: Self.damaged(texts, &generator), as: UTF8.self)
            do throws(CNIError) { _ = try CNIArguments(text) } catch { #expect(error.code == .badEnvironment) }
        }
    }

    /// One of the texts with a few bytes changed, left out, doubled, put from elsewhere, or with its end cut off.
    private static func damaged(_ texts: [String], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = Array((texts.randomElement(using: &generator) ?? "").utf8)
        for _ in 0...Int.random(in: 0...5, using: &generator) where !bytes.isEmpty {
            let position = Int.random(in: bytes.indices, using: &generator)
            let end = min(bytes.count, position + Int.random(in: 1...12, using: &generator))
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[position] = .random(in: 0...255, using: &generator)
            case 1: bytes.removeSubrange(position..<end)
            case 2: bytes.insert(contentsOf: bytes[position..<end], at: position)
            case 3:
                let signs: [String] = [
                    "{", "}", "[", "]", "\"", ",", ":", "null", "-1", "1e9", "\\u0000", "99999999999999999999",
                ]
                bytes.insert(contentsOf: (signs.randomElement(using: &generator) ?? "").utf8, at: position)
            case 4: bytes.swapAt(position, Int.random(in: bytes.indices, using: &generator))
            default: bytes.removeSubrange(position...)
            }
        }
        return bytes
    }
}
