import KubeAPI

/// Who owns whom, of all objects that have an owner, and which objects there are at all.
struct OwnershipGraph: Sendable {
    /// An object by its kind and name.
    struct Item: Hashable, Sendable, CustomStringConvertible {
        let resource: Resource
        let name: ObjectName

        var description: String { "\(resource.kind) \(name)" }
    }

    private struct Dependent: Sendable {
        let item: Item
        /// With whether the owner must wait for it.
        let owners: [UniqueID: Bool]
    }

    private var live: Set<UniqueID> = []
    private var dependents: [UniqueID: Dependent] = [:]
    private var owned: [UniqueID: Set<UniqueID>] = [:]
    /// Those that are being deleted and wait for what they own.
    private var waiting: [UniqueID: Item] = [:]

    static let foreground = "foregroundDeletion"
    static let orphan = "orphan"

    /// Takes in a change.
    ///
    /// - Returns: what has to be looked at because of it.
    mutating func note(_ object: Unstructured, _ item: Item, isGone: Bool) -> [Item] {
        let id = UniqueID(object.uid)
        let before = dependents[id]
        if isGone {
            live.remove(id)
            waiting[id] = nil
            forget(id)
            let owners = before?.owners.keys.compactMap { waiting[$0] } ?? []
            return owners + (owned[id] ?? []).compactMap { dependents[$0]?.item }
        }
        live.insert(id)
        var concerned: [Item] = []
        let references = object.ownerReferences
        if !references.isEmpty || before != nil {
            let owners = Dictionary(
                references.map { (UniqueID($0.text(at: "uid")), $0.flag(at: "blockOwnerDeletion")) }
            ) { $0 || $1 }
            if owners != before?.owners {
                forget(id)
                if !owners.isEmpty {
                    dependents[id] = Dependent(item: item, owners: owners)
                    for owner in owners.keys { owned[owner, default: []].insert(id) }
                }
                concerned += before?.owners.keys.compactMap { waiting[$0] } ?? []
                if owners.keys.contains(where: { !live.contains($0) || waiting[$0] != nil }) { concerned.append(item) }
            }
        }
        let finalizers = object.finalizers
        if object.deletionTimestamp != nil, finalizers.contains(Self.foreground) || finalizers.contains(Self.orphan) {
            waiting[id] = item
            concerned.append(item)
        }
        return concerned
    }

    private mutating func forget(_ id: UniqueID) {
        guard let dependent = dependents.removeValue(forKey: id) else { return }
        for owner in dependent.owners.keys {
            owned[owner]?.remove(id)
            if owned[owner]?.isEmpty == true { owned[owner] = nil }
        }
    }

    func isLive(uid: String) -> Bool { live.contains(UniqueID(uid)) }

    /// What an object owns, with whether it must wait for it.
    func dependents(of uid: String) -> [(item: Item, blocks: Bool)] {
        let id = UniqueID(uid)
        return (owned[id] ?? []).compactMap { dependents[$0] }.map { ($0.item, $0.owners[id] ?? false) }
    }
}
