import KubeAPI
import Net
import TestSupport
import Testing

@Suite("Rules that somebody else deletes", .networkNamespaces, .fewAtATime)
struct RestorationTests {
    @Test("53: rules that are deleted from outside come back, without an event", arguments: IPFamily.allCases)
    func deleted(family: IPFamily) async throws {
        let lab = try TrafficLab()
        let web = ServiceFixture.everywhere(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        for command in ["flush ruleset", "delete table \(family.tableFamily) fairlead"] {
            try Tool.run("nft", command, in: lab.lab.node.namespace)
            // A short time-out: what is lost meanwhile is not what is tested.
            try await eventually {
                try lab.pods[0].namespace.probe(web.clusterIP[family], port: 80, timeoutMilliseconds: 50).isAnswer
            }
            try lab.expectAnswers(from: [.pod], [web.cluster], by: [lab.pods[1]], .own)
            try lab.expectAnswers(from: [.outside], web.external(lab.lab), by: [lab.pods[1]], .masqueraded)
        }
    }
}
