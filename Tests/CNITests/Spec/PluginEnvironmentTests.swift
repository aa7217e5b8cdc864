import CNI
import Net
import Testing

@Suite struct PluginEnvironmentTests {
    @Test func parametersAreRead() throws {
        let environment = try PluginEnvironment(
            Calls.environment(arguments: "IgnoreUnknown=1;K8S_POD_NAME=web;IP=10.0.0.9/24;MAC=02:00:00:00:00:09;X=1"))
        #expect(environment.command == .add)
        #expect(environment.containerID == "c1")
        #expect(environment.interfaceName == "eth0")
        #expect(environment.namespacePath == "/run/netns/c1")
        #expect(environment.pluginDirectories == ["/opt/cni/bin"])
        #expect(try environment.arguments.addresses == [IPAddress("10.0.0.9")])
        #expect(try environment.arguments.macAddress == (try MACAddress("02:00:00:00:00:09")))
    }

    @Test(arguments: [
        (["CNI_COMMAND": ""], "CNI_COMMAND"), (["CNI_COMMAND": "add"], "CNI_COMMAND"),
        (["CNI_CONTAINERID": ""], "CNI_CONTAINERID"), (["CNI_CONTAINERID": "-a"], "CNI_CONTAINERID"),
        (["CNI_CONTAINERID": "a/b"], "CNI_CONTAINERID"), (["CNI_CONTAINERID": "é"], "CNI_CONTAINERID"),
        (["CNI_IFNAME": ""], "CNI_IFNAME"), (["CNI_IFNAME": "0123456789abcdef"], "CNI_IFNAME"),
        (["CNI_IFNAME": ".."], "CNI_IFNAME"), (["CNI_IFNAME": "a/b"], "CNI_IFNAME"),
        (["CNI_IFNAME": "a b"], "CNI_IFNAME"), (["CNI_IFNAME": "eth%d"], "CNI_IFNAME"),
        (["CNI_NETNS": ""], "CNI_NETNS"), (["CNI_NETNS": "", "CNI_IFNAME": ""], "CNI_IFNAME, CNI_NETNS"),
        (["CNI_ARGS": "a"], "CNI_ARGS"), (["CNI_ARGS": "a=b=c"], "CNI_ARGS"), (["CNI_ARGS": "FOO=1"], "FOO=1"),
        (["CNI_ARGS": "IgnoreUnknown=perhaps"], "IgnoreUnknown"), (["CNI_ARGS": "IP=1.2.3"], "IP=1.2.3"),
        (["CNI_ARGS": "IP=10.0.0.1/33"], "IP="), (["CNI_ARGS": "MAC=x"], "MAC=x"),
        (["CNI_ARGS": "IgnoreUnknown=1;"], "CNI_ARGS"),
    ])
    func whatIsNotValidIsNamed(changes: [String: String], name: String) throws {
        let variables = Calls.environment().merging(changes) { $1 }
        let error = #expect(throws: CNIError.self) { try PluginEnvironment(variables).arguments }
        #expect(error?.code == .badEnvironment)
        #expect(error?.message.contains(name) == true, "\(String(describing: error))")
    }

    @Test func deletionNeedsNoNamespaceAndReadsNoArguments() throws {
        let environment = try PluginEnvironment(Calls.environment("DEL", namespacePath: "", arguments: "nonsense"))
        #expect(environment.namespacePath == nil)
    }

    @Test(arguments: ["STATUS", "GC", "VERSION"])
    func whatIsOfNoAttachmentNeedsNone(command: String) throws {
        #expect(throws: Never.self) { try PluginEnvironment(["CNI_COMMAND": command]) }
    }

    @Test func everyCapturedEnvironmentIsRead() throws {
        for captured in CapturedCall.all {
            #expect(throws: Never.self) { try PluginEnvironment(captured.environment).arguments }
        }
    }
}
