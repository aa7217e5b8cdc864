import Testing

@testable import APIMachinery

@Suite("The catalog of schemas")
struct SchemaCatalogTests {
    private let catalog = SchemaCatalog.kubernetes

    private func schema(_ group: String, _ kind: String) throws -> ObjectSchema {
        try #require(catalog.schema(of: GroupVersionKind(group: group, version: "v1", kind: kind)))
    }

    private func core(_ name: String) throws -> ObjectSchema { try #require(catalog["io.k8s.api.core.v1.\(name)"]) }

    @Test("Every table is read to its end")
    func tablesAreWhole() throws {
        var content = SchemaTable.Content()
        for table in SchemaTable.all {
            let before = content.schemas.count
            try table.parse(into: &content)
            #expect(content.schemas.count > before)
        }
        #expect(content.schemas.count > 280)
        #expect(Set(content.schemas.map(\.name)).count == content.schemas.count)
    }

    @Test("Every schema that a field names is there, and none is there for nothing")
    func referencesResolve() {
        var reached: Set<String> = []
        var pending = Array(catalog.kinds.values)
        while let name = pending.popLast() {
            guard reached.insert(name).inserted else { continue }
            guard let schema = catalog[name] else {
                Issue.record("\(name) is missing")
                continue
            }
            pending += schema.fields.compactMap { $0.type.schemaName }
        }
        #expect(Set(catalog.schemas.keys) == reached)
    }

    @Test(
        "Kinds and their lists are found",
        arguments: [
            ("", "Namespace"), ("", "Node"), ("", "Pod"), ("", "Service"), ("", "Endpoints"), ("", "ConfigMap"),
            ("", "Secret"), ("", "ServiceAccount"), ("", "Event"), ("events.k8s.io", "Event"),
            ("discovery.k8s.io", "EndpointSlice"), ("coordination.k8s.io", "Lease"), ("apps", "Deployment"),
            ("apps", "ReplicaSet"), ("apps", "DaemonSet"), ("apps", "StatefulSet"), ("apps", "ControllerRevision"),
            ("batch", "Job"), ("batch", "CronJob"), ("policy", "PodDisruptionBudget"),
            ("networking.k8s.io", "NetworkPolicy"), ("networking.k8s.io", "ServiceCIDR"),
            ("networking.k8s.io", "IPAddress"),
        ])
    func kinds(group: String, kind: String) throws {
        let object = try schema(group, kind)
        #expect(object["metadata"]?.type.schemaName == "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta")
        #expect(object["kind"]?.type == .string)
        #expect(!object.documentation.isEmpty)
        #expect(try schema(group, "\(kind)List")["items"]?.type.schemaName == object.name)
    }

    @Test(
        "Kinds without lists are found",
        arguments: [
            ("", "Binding"), ("", "Status"), ("", "DeleteOptions"), ("policy", "Eviction"), ("autoscaling", "Scale"),
            ("authentication.k8s.io", "TokenRequest"), ("authentication.k8s.io", "TokenReview"),
            ("authentication.k8s.io", "SelfSubjectReview"), ("authorization.k8s.io", "SelfSubjectAccessReview"),
            ("authorization.k8s.io", "SelfSubjectRulesReview"),
        ])
    func kindsWithoutLists(group: String, kind: String) throws {
        #expect(try schema(group, kind)["apiVersion"]?.type == .string)
        #expect(catalog.schema(of: GroupVersionKind(group: group, version: "v1", kind: "\(kind)List")) == nil)
    }

    @Test("Lists know how their entries are told apart")
    func listKinds() throws {
        let ports = try #require(try core("ServiceSpec")["ports"])
        #expect(ports.listKind == .map(keys: ["port", "protocol"]))
        #expect(ports.patchStrategy == PatchStrategy(merges: true, mergeKey: "port"))
        let volumes = try #require(try core("PodSpec")["volumes"])
        #expect(volumes.patchStrategy == PatchStrategy(merges: true, retainsKeys: true, mergeKey: "name"))
        #expect(try core("PodSpec")["tolerations"]?.listKind == .atomic)
        let finalizers = try #require(catalog["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"]?["finalizers"])
        #expect(finalizers.listKind == .set)
        #expect(finalizers.patchStrategy == PatchStrategy(merges: true))
        #expect(catalog["io.k8s.api.apps.v1.DeploymentSpec"]?["strategy"]?.patchStrategy.retainsKeys == true)
    }

    @Test("Fields have their types, and what else is known of them")
    func fields() throws {
        let port = try #require(try core("ContainerPort")["protocol"])
        #expect(port.defaultText == "TCP")
        #expect(port.goType == "v1.Protocol")
        #expect(try core("ContainerPort")["containerPort"]?.type == .integer(bits: 32))
        #expect(try core("ContainerPort")["containerPort"]?.isRequired == true)
        #expect(try core("ResourceRequirements")["limits"]?.type == .map(.quantity))
        #expect(try core("ServicePort")["targetPort"]?.type == .integerOrString)
        #expect(try core("Secret")["data"]?.type == .map(.bytes))
        #expect(try core("PodSpec")["nodeSelector"]?.isAtomic == true)
        #expect(catalog["io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"]?.isAtomic == true)
        #expect(catalog["io.k8s.api.apps.v1.DeploymentSpec"]?["replicas"]?.keepsZero == true)
        #expect(try core("PodSpec")["hostNetwork"]?.keepsZero == false)
        #expect(try core("PodSpec")["nosuch"] == nil)
    }

    @Test("Every field has a number in protobuf, and no other field of its object has it")
    func protobufNumbers() throws {
        for schema in catalog.schemas.values {
            let numbers = schema.fields.compactMap(\.protobuf)
            #expect(Set(numbers).count == numbers.count, "\(schema.name)")
            let outer = Set(numbers.compactMap(\.outer))
            #expect(!numbers.contains { $0.outer == nil && outer.contains($0.number) }, "\(schema.name)")
            for field in schema.fields where field.protobuf == nil {
                #expect(["apiVersion", "kind"].contains(field.name), "\(schema.name).\(field.name)")
            }
        }
        #expect(try core("PodSpec")["containers"]?.protobuf == ProtobufNumber(2))
        #expect(try core("Volume")["emptyDir"]?.protobuf == ProtobufNumber(2, in: 2))
        #expect(try core("Probe")["grpc"]?.protobuf == ProtobufNumber(4, in: 1))
        #expect(try core("ConfigMapKeySelector")["name"]?.protobuf == ProtobufNumber(1, in: 1))
        #expect(try schema("", "PodList")["items"]?.protobuf == ProtobufNumber(2))
    }

    @Test("What people read most is documented")
    func documentation() throws {
        for row in KindTable.kubernetes.rows {
            let schema = try #require(catalog.schema(of: row.resource.groupVersionKind))
            #expect(!schema.documentation.isEmpty)
            for field in schema.fields { #expect(!field.documentation.isEmpty, "\(schema.name).\(field.name)") }
        }
    }

    @Test("A word that no table has is told")
    func brokenTable() {
        var content = SchemaTable.Content()
        #expect(throws: SchemaTableError.self) {
            try SchemaTable(.core, "Thing\n name string sorted").parse(into: &content)
        }
        #expect(throws: SchemaTableError.self) { try SchemaTable(.core, "Thing\n name").parse(into: &content) }
        for number in ["=0", "=x", "=1.", "=1.2.3"] {
            #expect(throws: SchemaTableError.self) {
                try SchemaTable(.core, "Thing\n name string \(number)").parse(into: &content)
            }
        }
        #expect(throws: SchemaTableError.self) {
            try SchemaTable(.core, "Thing\n name other.Thing").parse(into: &content)
        }
    }
}
