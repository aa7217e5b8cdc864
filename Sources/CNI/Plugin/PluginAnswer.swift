/// What the process writes and how it ends.
package struct PluginAnswer: Hashable, Sendable {
    package let output: [UInt8]
    package let exitStatus: Int32

    private init(_ node: JSONNode?, exitStatus: Int32) {
        var output: [UInt8] = []
        if let node {
            node.append(to: &output)
            output.append(UInt8(ascii: "\n"))
        }
        self.output = output
        self.exitStatus = exitStatus
    }

    /// Success; nil for commands that have no result.
    static func success(_ node: JSONNode?) -> PluginAnswer { PluginAnswer(node, exitStatus: 0) }

    static func failure(_ error: CNIError, _ version: SpecVersion) -> PluginAnswer {
        PluginAnswer(error.json(version), exitStatus: 1)
    }
}
