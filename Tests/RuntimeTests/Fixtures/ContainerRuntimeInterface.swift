import FoundationEssentials
import TestSupport
import Testing

/// The kubelet's side of containerd: the Container Runtime Interface, version v1, over curl.
struct ContainerRuntimeInterface {
    let node: RuntimeNode

    struct Failure: Error, CustomStringConvertible {
        let method: String
        let status: String
        let message: String

        var description: String { "\(method): status \(status): \(message)" }
    }

    /// A unary call of gRPC: one message with five bytes before it, and a status in the trailers.
    func call(_ method: String, _ request: ProtobufMessage = ProtobufMessage()) throws -> ProtobufMessage {
        let bytes = request.bytes
        let length = (0..<4).map { UInt8(truncatingIfNeeded: bytes.count >> (24 - 8 * $0)) }
        let output = try node.run(
            """
            folder=$(mktemp -d)
            base64 -d >$folder/request
            curl -sS --http2-prior-knowledge --unix-socket /run/containerd/containerd.sock --max-time 50 \
                -H 'content-type: application/grpc' -H 'te: trailers' --data-binary @$folder/request \
                -D $folder/headers -o $folder/answer http://localhost/runtime.v1.RuntimeService/\(method)
            for name in status message; do sed -n "s/^grpc-$name: *//p" $folder/headers | tr -d '\\r' | tail -n 1; done
            [ ! -e $folder/answer ] || base64 -w 0 $folder/answer
            rm -r $folder
            """, input: Data([0] + length + bytes).base64EncodedString())
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first == "0" else {
            throw Failure(
                method: method, status: "\(lines.first ?? "")", message: lines.dropFirst().joined(separator: " "))
        }
        let answer = Data(base64Encoded: String(lines.last ?? "")) ?? Data()
        return try ProtobufMessage(answer.dropFirst(5))
    }

    /// Whether pods can have a network, and why not.
    func networkState() throws -> (isReady: Bool, message: String) {
        let conditions = try call("Status").message(1).messages(1)
        let network = try #require(conditions.first { $0.string(1) == "NetworkReady" })
        return (network.number(2) == 1, network.string(4))
    }

    /// Starts a sandbox and in it one container, whose web server answers with the pod's name.
    func runPod(_ name: String, hostPorts: [(host: Int, container: Int)] = []) throws -> Pod {
        var metadata = ProtobufMessage()
        for (field, text) in [(1, name), (2, "uid-\(name)"), (3, "default")] { metadata.add(field, text) }
        var configuration = ProtobufMessage()
        configuration.add(1, metadata)
        configuration.add(2, name)
        for port in hostPorts {
            var mapping = ProtobufMessage()
            mapping.add(2, port.container)
            mapping.add(3, port.host)
            configuration.add(5, mapping)
        }
        var run = ProtobufMessage()
        run.add(1, configuration)
        let sandbox = try call("RunPodSandbox", run).string(1)
        let container = try createContainer(sandbox, configuration)
        var start = ProtobufMessage()
        start.add(1, container)
        _ = try call("StartContainer", start)
        var ask = ProtobufMessage()
        ask.add(1, sandbox)
        let network = try call("PodSandboxStatus", ask).message(1).message(5)
        let addresses = try [network.string(1)] + network.messages(2).map { $0.string(1) }
        return Pod(runtime: self, sandbox: sandbox, container: container, addresses: addresses)
    }

    private func createContainer(_ sandbox: String, _ configuration: ProtobufMessage) throws -> String {
        var name = ProtobufMessage()
        name.add(1, "main")
        var image = ProtobufMessage()
        image.add(1, Containerd.image)
        var container = ProtobufMessage()
        container.add(1, name)
        container.add(2, image)
        for word in ["/bin/sh", "-c", "hostname >/tmp/index.html; exec httpd -f -p 80 -h /tmp"] {
            container.add(3, word)
        }
        var create = ProtobufMessage()
        create.add(1, sandbox)
        create.add(2, container)
        create.add(3, configuration)
        return try call("CreateContainer", create).string(1)
    }
}

/// A pod that containerd runs.
struct Pod {
    let runtime: ContainerRuntimeInterface
    let sandbox: String
    let container: String
    /// Of both families, IPv4 first, as the CRI says them.
    let addresses: [String]

    /// Runs a command in its container.
    ///
    /// - Throws: `ContainerRuntimeInterface.Failure` with its output when it ends with another status than 0.
    @discardableResult
    func run(_ command: String...) throws -> String {
        var request = ProtobufMessage()
        request.add(1, container)
        for word in command { request.add(2, word) }
        request.add(3, 30)
        let answer = try runtime.call("ExecSync", request)
        let output = answer.string(1) + answer.string(2)
        guard answer.number(3) == 0 else {
            throw ContainerRuntimeInterface.Failure(
                method: command.joined(separator: " "), status: "\(answer.number(3))", message: output)
        }
        return output
    }

    /// The kubelet's StopPodSandbox: DEL with the namespace.
    func stop() throws { try callWithSandbox("StopPodSandbox") }

    /// The kubelet's RemovePodSandbox: DEL once more, without a namespace.
    func remove() throws { try callWithSandbox("RemovePodSandbox") }

    private func callWithSandbox(_ method: String) throws {
        var request = ProtobufMessage()
        request.add(1, sandbox)
        _ = try runtime.call(method, request)
    }
}
