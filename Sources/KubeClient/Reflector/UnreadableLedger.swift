import KubeAPI

/// The objects that could not be read when they last came, so that each is said once.
struct UnreadableLedger: Sendable {
    /// More than these are not told one by one: a server that sends nothing readable is not to fill the log.
    static let limit = 100

    private var errors: [ObjectName: String] = [:]
    private var nameless: Set<String> = []

    /// - Returns: whether it is to be said.
    mutating func insert(_ object: UnreadableObject) -> Bool {
        guard let name = object.name else {
            return nameless.count < Self.limit && nameless.insert(object.description).inserted
        }
        guard errors[name] != nil || errors.count < Self.limit else { return false }
        return errors.updateValue(object.description, forKey: name) != object.description
    }

    /// The object can be read again, or is gone.
    ///
    /// - Returns: whether it was unreadable.
    mutating func remove(_ name: ObjectName) -> Bool {
        !errors.isEmpty && errors.removeValue(forKey: name) != nil
    }
}
