/// How many replicas each ReplicaSet of a Deployment should have next: pure arithmetic on their numbers.
struct RolloutPlan {
    /// One ReplicaSet.
    struct Member: Equatable {
        let name: String
        var replicas: Int
        /// As its status says, which may be of an earlier size.
        let available: Int
        /// The `max-replicas` annotation: the Deployment's size with surge when this one was last scaled.
        let maxReplicas: Int?
        /// The smaller, the older.
        let age: Int

        /// How many are available once it has its size: what is more is about to go, and makes up for nothing.
        var lasting: Int { min(available, replicas) }
    }

    let spec: DeploymentSpec
    /// `status.replicas` of the Deployment.
    let statusReplicas: Int

    /// A new size for the ReplicaSet of the current template; nil where its size is right, or as much as may be.
    func newSize(_ new: Member, old: [Member]) -> Int? {
        if new.replicas == spec.replicas { return nil }
        if new.replicas > spec.replicas { return spec.replicas }
        guard spec.isRolling else { return spec.replicas }
        let size = Self.initialSize(spec, current: new.replicas, total: new.replicas + Self.sum(old))
        return size == new.replicas ? nil : size
    }

    /// The size for a ReplicaSet of the current template that has `current`, where all together have `total`.
    static func initialSize(_ spec: DeploymentSpec, current: Int, total: Int) -> Int {
        guard spec.isRolling else { return spec.replicas }
        let room = spec.replicas + spec.maxSurge - total
        return room <= 0 ? current : current + min(room, spec.replicas - current)
    }

    /// Sizes for the old ReplicaSets so that there are enough available Pods: first those go that are not available
    /// anyway, then as many as the new ones make up for. Empty where nothing changes.
    func oldSizes(new: Member, old: [Member]) -> [String: Int] {
        let total = new.replicas + Self.sum(old)
        let minAvailable = spec.replicas - spec.maxUnavailable
        let limit = total - minAvailable - (new.replicas - new.lasting)
        guard Self.sum(old) > 0, limit > 0 else { return [:] }
        var sizes: [String: Int] = [:]
        var members = old.sorted { $0.age < $1.age }
        var removed = 0
        for index in members.indices where removed < limit && members[index].replicas > members[index].available {
            let count = min(limit - removed, members[index].replicas - members[index].available)
            members[index].replicas -= count
            sizes[members[index].name] = members[index].replicas
            removed += count
        }
        var spare = members.reduce(new.lasting) { $0 + $1.lasting } - minAvailable
        for index in members.indices where spare > 0 && members[index].replicas > 0 {
            let count = min(members[index].replicas, spare)
            members[index].replicas -= count
            sizes[members[index].name] = members[index].replicas
            spare -= count
        }
        return sizes
    }

    /// Sizes after the Deployment's own size changed: in the middle of a rollout each ReplicaSet gets its share.
    func scaledSizes(new: Member?, old: [Member]) -> [String: Int] {
        let all = old + (new.map { [$0] } ?? [])
        let active = all.filter { $0.replicas > 0 }
        if active.count <= 1 {
            let only = active.first ?? new ?? old.max { $0.age < $1.age }
            guard let only, only.replicas != spec.replicas else { return [:] }
            return [only.name: spec.replicas]
        }
        guard spec.isRolling else { return [:] }
        return proportions(active)
    }

    private func proportions(_ active: [Member]) -> [String: Int] {
        let allowed = spec.replicas > 0 ? spec.replicas + spec.maxSurge : 0
        let difference = allowed - Self.sum(active)
        // The largest first; of equals the newer grows first and the older shrinks first.
        let order = active.sorted {
            if $0.replicas != $1.replicas { return $0.replicas > $1.replicas }
            return difference > 0 ? $0.age > $1.age : $0.age < $1.age
        }
        var sizes: [String: Int] = [:]
        var done = 0
        for member in order {
            let left = difference - done
            let wish = left == 0 ? 0 : share(of: member)
            let change = difference > 0 ? min(wish, left) : max(wish, left)
            sizes[member.name] = member.replicas + (difference == 0 ? 0 : change)
            done += difference == 0 ? 0 : change
        }
        if let largest = order.first, difference != 0 {
            sizes[largest.name] = max(0, (sizes[largest.name] ?? 0) + difference - done)
        }
        return sizes
    }

    /// By how much a ReplicaSet should change to keep its share.
    private func share(of member: Member) -> Int {
        if spec.replicas == 0 { return -member.replicas }
        let before = member.maxReplicas.flatMap { $0 == 0 ? nil : $0 } ?? statusReplicas
        if before == 0 { return 0 }
        let size = Double(member.replicas * (spec.replicas + spec.maxSurge)) / Double(before)
        return Int(size.rounded(.toNearestOrAwayFromZero)) - member.replicas
    }

    private static func sum(_ members: [Member]) -> Int { members.reduce(0) { $0 + $1.replicas } }
}
