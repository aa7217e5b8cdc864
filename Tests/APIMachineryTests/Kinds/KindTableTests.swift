import KubeAPI
import Testing

@testable import APIMachinery

@Suite struct KindTableTests {
    private let table = KindTable.kubernetes

    @Test(arguments: [
        ("po", "pods"), ("svc", "services"), ("no", "nodes"), ("ns", "namespaces"), ("ep", "endpoints"),
        ("cm", "configmaps"), ("sa", "serviceaccounts"), ("ev", "events"), ("deploy", "deployments.apps"),
        ("rs", "replicasets.apps"), ("ds", "daemonsets.apps"), ("sts", "statefulsets.apps"), ("cj", "cronjobs.batch"),
        ("pdb", "poddisruptionbudgets.policy"), ("netpol", "networkpolicies.networking.k8s.io"),
        ("ip", "ipaddresses.networking.k8s.io"), ("EndpointSlice", "endpointslices.discovery.k8s.io"),
        ("leases", "leases.coordination.k8s.io"), ("job", "jobs.batch"), ("secret", "secrets"),
        ("servicecidr", "servicecidrs.networking.k8s.io"), ("controllerrevision", "controllerrevisions.apps"),
    ])
    func words(word: String, stored: String) throws {
        let row = try #require(table.row(word: word))
        #expect(row.resource.storedPrefix == "/registry/\(stored)")
        #expect(table.row(apiVersion: row.resource.apiVersion, kind: row.resource.kind)?.resource == row.resource)
        #expect(table.row(row.resource)?.singular == row.singular)
    }

    @Test func whatIsNotServedIsNotFound() {
        #expect(table.row(group: "apps", version: "v1beta1", plural: "deployments") == nil)
        #expect(table.row(group: "", version: "v1", plural: "deployments") == nil)
        #expect(table.row(apiVersion: "", kind: "Pod") == nil)
        #expect(table.row(apiVersion: "apps/v1/x", kind: "Deployment") == nil)
        #expect(table.row(word: "") == nil)
    }

    @Test func categories() {
        #expect(
            table.rows(category: "all").map(\.resource.plural) == [
                "pods", "services", "deployments", "replicasets", "daemonsets", "statefulsets", "jobs", "cronjobs",
            ])
    }

    @Test func strategies() throws {
        #expect(
            table.rows.filter(\.strategy.createsOnUpdate).map(\.resource.kind) == [
                "Service", "Endpoints", "Event", "Lease", "Event",
            ])
        #expect(
            table.rows.filter { !$0.strategy.updatesUnconditionally }.map(\.singular) == [
                "lease", "poddisruptionbudget",
            ])
        #expect(table.rows.filter(\.strategy.deletesGracefully).map(\.singular) == ["pod"])
        #expect(table.rows.filter { $0.strategy.propagation == .orphan }.map(\.singular) == ["job"])
    }

    @Test func noKindCrashesOnOddTrees() throws {
        let odd = [
            "{}", #"{"metadata":[],"spec":"x","status":7,"data":1,"ports":{},"endpoints":[3,null],"subsets":[[]]}"#,
            #"{"metadata":{"name":3,"labels":[],"annotations":7,"ownerReferences":[1],"finalizers":{}},"spec":[],"status":[]}"#,
            #"{"metadata":null,"spec":{"containers":[null,1,{"ports":[1],"env":"x","resources":3}],"ports":[null],"template":7,"selector":1,"volumes":[1,{"secret":2}],"strategy":1,"rules":3,"cidrs":[1],"jobTemplate":[]},"status":{"conditions":[1],"loadBalancer":[],"containerStatuses":{"a":1},"podIPs":[3]}}"#,
        ]
        for row in table.rows {
            for text in odd {
                var tree = try object(text)
                let old = tree
                row.setDefaults(&tree)
                row.prepare(&tree, nil)
                _ = row.failures(tree, nil)
                row.prepare(&tree, old)
                _ = row.failures(tree, old)
                row.prepareStatus(&tree, old)
                _ = row.statusFailures(tree, old)
                for column in row.columns { _ = column.cell(tree, .now) }
                for field in row.selectableFields.values { _ = field(tree) }
                #expect(tree.tree.object != nil)
            }
        }
    }
}
