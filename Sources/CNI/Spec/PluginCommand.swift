/// What a runtime asks for with `CNI_COMMAND`.
package enum PluginCommand: String, Sendable, Hashable, CaseIterable {
    case add = "ADD"
    case delete = "DEL"
    case check = "CHECK"
    case status = "STATUS"
    case collect = "GC"
    case version = "VERSION"

    /// The first version of the specification that has the command.
    package var since: SpecVersion {
        switch self {
        case .add, .delete, .version: .v0_3_1
        case .check: .v0_4_0
        case .status, .collect: .v1_1_0
        }
    }

    /// Whether the command is about one attachment.
    package var isOfAttachment: Bool {
        switch self {
        case .add, .delete, .check: true
        case .status, .collect, .version: false
        }
    }
}
