import KubeAPI
import Testing

@testable import ControlPlane

/// The arithmetic of rollouts, without a store.
@Suite struct RolloutPlanTests {
    private func spec(_ replicas: Int, surge: JSONValue, unavailable: JSONValue) throws -> DeploymentSpec {
        var object = try Unstructured(.workload(.deployments, "web", replicas: replicas))
        object[["spec", "strategy"]] = [
            "type": "RollingUpdate", "rollingUpdate": ["maxSurge": surge, "maxUnavailable": unavailable],
        ]
        return DeploymentSpec(object)
    }

    /// Shares are rounded up for the surge and down for what may be away; both nothing means one may be away.
    @Test func bounds() throws {
        func bounds(_ replicas: Int, _ surge: JSONValue, _ unavailable: JSONValue) throws -> [Int] {
            let spec = try spec(replicas, surge: surge, unavailable: unavailable)
            return [spec.maxSurge, spec.maxUnavailable]
        }
        #expect(try bounds(10, "25%", "25%") == [3, 2])
        #expect(try bounds(1, "25%", "25%") == [1, 0])
        #expect(try bounds(2, "0%", "1%") == [0, 1])
        #expect(try bounds(3, 0, 5) == [0, 3])
        #expect(try bounds(0, "25%", 1) == [0, 0])
    }

    private func member(_ name: String, _ replicas: Int, age: Int, max: Int?) -> RolloutPlan.Member {
        RolloutPlan.Member(name: name, replicas: replicas, available: replicas, maxReplicas: max, age: age)
    }

    /// A change of size in the middle of a rollout keeps the shares (upstream's documentation of proportional scaling:
    /// 10 to 15 with a surge of 3).
    @Test func scalesInProportion() throws {
        let plan = RolloutPlan(spec: try spec(15, surge: 3, unavailable: 2), statusReplicas: 13)
        let sizes = plan.scaledSizes(new: member("new", 5, age: 1, max: 13), old: [member("old", 8, age: 0, max: 13)])
        #expect(sizes == ["old": 11, "new": 7])
        let down = RolloutPlan(spec: try spec(0, surge: 3, unavailable: 2), statusReplicas: 13)
        #expect(
            down.scaledSizes(new: member("new", 5, age: 1, max: 13), old: [member("old", 8, age: 0, max: 13)])
                == ["old": 0, "new": 0])
    }

    /// What is not available goes first, and is not made up for by the new ones.
    @Test func oldOnesGo() throws {
        let plan = RolloutPlan(spec: try spec(10, surge: 3, unavailable: 2), statusReplicas: 13)
        let old = RolloutPlan.Member(name: "old", replicas: 8, available: 8, maxReplicas: 13, age: 0)
        let broken = RolloutPlan.Member(name: "new", replicas: 5, available: 0, maxReplicas: 13, age: 1)
        #expect(plan.oldSizes(new: broken, old: [old]).isEmpty)
        let half = RolloutPlan.Member(name: "new", replicas: 5, available: 5, maxReplicas: 13, age: 1)
        #expect(plan.oldSizes(new: half, old: [old]) == ["old": 3])
        let sick = RolloutPlan.Member(name: "old", replicas: 10, available: 4, maxReplicas: 13, age: 0)
        let fresh = RolloutPlan.Member(name: "new", replicas: 3, available: 0, maxReplicas: 13, age: 1)
        #expect(plan.oldSizes(new: fresh, old: [sick]) == ["old": 8])
    }

    /// A status that is older than the size does not say that there is more to spare.
    @Test func whatIsAboutToGoMakesUpForNothing() throws {
        let plan = RolloutPlan(spec: try spec(8, surge: 2, unavailable: 2), statusReplicas: 10)
        let old = RolloutPlan.Member(name: "old", replicas: 6, available: 8, maxReplicas: 10, age: 0)
        let new = RolloutPlan.Member(name: "new", replicas: 4, available: 1, maxReplicas: 10, age: 1)
        #expect(plan.oldSizes(new: new, old: [old]) == ["old": 5])
    }

    @Test func hashesAreWordsAndChange() {
        let first: JSONValue = ["spec": ["containers": [["name": "c", "image": "v1"]]]]
        let second: JSONValue = ["spec": ["containers": [["name": "c", "image": "v2"]]]]
        let hash = PodTemplate.hash(first, collisions: nil)
        #expect(hash == PodTemplate.hash(first, collisions: nil) && hash != PodTemplate.hash(second, collisions: nil))
        #expect(hash != PodTemplate.hash(first, collisions: 1))
        #expect(hash.allSatisfy { "bcdfghjklmnpqrstvwxz2456789".contains($0) })
    }
}
