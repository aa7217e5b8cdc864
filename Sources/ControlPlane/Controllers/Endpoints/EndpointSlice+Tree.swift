import KubeAPI

/// Slices and Services from and to the trees that they are stored as. A slice may have a hundred endpoints, so that the
/// way through text would be many times as long.
extension EndpointSlice {
    init(_ tree: Unstructured) {
        var metadata = ObjectMeta(name: tree.name, namespace: tree.namespace, labels: tree.labels)
        metadata.uid = tree.uid
        metadata.annotations = tree.annotations
        metadata.ownerReferences = tree.ownerReferences.map { reference in
            var owner = OwnerReference(
                apiVersion: reference.text(at: "apiVersion"), kind: reference.text(at: "kind"),
                name: reference.text(at: "name"), uid: reference.text(at: "uid"))
            owner.controller = reference["controller"]?.bool
            owner.blockOwnerDeletion = reference["blockOwnerDeletion"]?.bool
            return owner
        }
        self.init(
            metadata: metadata, addressType: tree.tree.text(at: "addressType"),
            endpoints: tree.tree.list(at: "endpoints").map { EndpointSpec($0) },
            ports: tree.tree.list(at: "ports").map { port in
                var result = EndpointPort(
                    name: port["name"]?.string, protocol: port["protocol"]?.string, port: port["port"]?.integer)
                result.appProtocol = port["appProtocol"]?.string
                return result
            })
    }

    /// A new object with what the slice says.
    var tree: Unstructured {
        var tree = Unstructured(.endpointSlices, namespace: metadata.namespace, name: metadata.name)
        tree["addressType"] = .string(addressType)
        tree.ownerReferences = metadata.ownerReferences.map { owner in
            [
                "apiVersion": .string(owner.apiVersion), "kind": .string(owner.kind), "name": .string(owner.name),
                "uid": .string(owner.uid), "controller": true, "blockOwnerDeletion": true,
            ]
        }
        write(to: &tree)
        return tree
    }

    /// Puts what a controller decides about into an object.
    func write(to tree: inout Unstructured) {
        tree.labels = metadata.labels
        tree.annotations = metadata.annotations
        tree["endpoints"] = .array(endpoints.map(\.json))
        tree["ports"] = .array(ports.map(\.json))
    }
}

extension EndpointSpec {
    fileprivate init(_ tree: JSONValue) {
        self.init(
            addresses: tree.texts(at: "addresses"),
            conditions: EndpointConditions(
                ready: tree[["conditions", "ready"]]?.bool, serving: tree[["conditions", "serving"]]?.bool,
                terminating: tree[["conditions", "terminating"]]?.bool),
            nodeName: tree["nodeName"]?.string)
        zone = tree["zone"]?.string
        if let hostname = tree["hostname"]?.string { self.hostname = hostname }
        if let target = tree["targetRef"], !target.isNull {
            targetRef = ObjectReference(
                kind: target.text(at: "kind"), namespace: target.text(at: "namespace"),
                name: target.text(at: "name"), uid: target["uid"]?.string)
        }
        func names(_ key: String) -> [String]? {
            tree[["hints", key]]?.array.map { $0.map { $0.text(at: "name") } }
        }
        if let hints = tree["hints"], !hints.isNull {
            self.hints = EndpointHints(forZones: names("forZones"), forNodes: names("forNodes"))
        }
    }

    fileprivate var json: JSONValue {
        var tree: JSONValue = ["addresses": JSONValue(addresses)]
        var state: JSONValue = .object(JSONObject())
        state["ready"] = conditions.ready.map { JSONValue($0) }
        state["serving"] = conditions.serving.map { JSONValue($0) }
        state["terminating"] = conditions.terminating.map { JSONValue($0) }
        tree["conditions"] = state
        tree["nodeName"] = nodeName.map { .string($0) }
        tree["zone"] = zone.map { .string($0) }
        tree["hostname"] = hostname.map { .string($0) }
        tree["targetRef"] = targetRef?.json
        if let hints {
            var json: JSONValue = .object(JSONObject())
            json["forZones"] = hints.forZones.map { .array($0.map { ["name": .string($0.name)] }) }
            json["forNodes"] = hints.forNodes.map { .array($0.map { ["name": .string($0.name)] }) }
            tree["hints"] = json
        }
        return tree
    }
}

extension ObjectReference {
    var json: JSONValue {
        var tree: JSONValue = .object(JSONObject())
        for (key, value) in [("kind", kind), ("namespace", namespace), ("name", name), ("uid", uid)] {
            tree[key] = value.map { .string($0) }
        }
        return tree
    }
}

extension EndpointPort {
    var json: JSONValue {
        var tree: JSONValue = .object(JSONObject())
        tree["name"] = name.map { .string($0) }
        tree["protocol"] = self.protocol.map { .string($0) }
        tree["port"] = port.map { JSONValue($0) }
        tree["appProtocol"] = appProtocol.map { .string($0) }
        return tree
    }
}

extension KubeAPI.Service {
    /// As much of a Service as its endpoints are made by.
    init(_ tree: Unstructured) {
        var metadata = ObjectMeta(name: tree.name, namespace: tree.namespace, labels: tree.labels)
        metadata.uid = tree.uid
        metadata.deletionTimestamp = tree.deletionTimestamp
        let fields = tree["spec"] ?? .null
        let ports = fields.list(at: "ports").map { port in
            let transport = port.text(at: "protocol")
            var result = ServicePortSpec(
                name: port.text(at: "name"), protocol: transport.isEmpty ? "TCP" : transport,
                port: port.int(at: "port") ?? 0,
                targetPort: port["targetPort"].flatMap { target in
                    target.integer.map { .int($0) } ?? target.string.map { .string($0) }
                })
            result.appProtocol = port["appProtocol"]?.string
            return result
        }
        let type = fields.text(at: "type")
        var spec = ServiceSpec(
            type: type.isEmpty ? "ClusterIP" : type, selector: fields.map(at: "selector"), ports: ports)
        spec.clusterIP = fields.text(at: "clusterIP")
        spec.ipFamilies = fields.texts(at: "ipFamilies")
        spec.publishNotReadyAddresses = fields.flag(at: "publishNotReadyAddresses")
        spec.trafficDistribution = fields["trafficDistribution"]?.string
        self.init(metadata: metadata, spec: spec)
    }
}
