import APIMachinery
import KubeAPI

/// What the `binding` subresource of a Pod says (core/v1 `Binding`).
package struct PodBinding: Sendable {
    package var uid = ""
    package var resourceVersion = ""
    package var node: String
    package var annotations: [String: String] = [:]
    package var labels: [String: String] = [:]

    package init(node: String) { self.node = node }

    /// - Throws: 400 BadRequest where it is for another Pod.
    init(_ object: Unstructured, for name: String) throws(Status) {
        guard object.name == name else { throw .badRequest("name in URL does not match name in Binding object") }
        node = object[["target", "name"]]?.string ?? ""
        uid = object.uid
        resourceVersion = object.resourceVersion
        annotations = object.annotations
        labels = object.labels
        let kind = object[["target", "kind"]]?.string ?? ""
        var failures: [FieldFailure] = []
        if !["", "Node"].contains(kind) {
            failures.append(.unsupported("target.kind", .string(kind), ["Node", "<empty>"]))
        }
        if node.isEmpty { failures.append(.required("target.name")) }
        guard failures.isEmpty else {
            let words = failures.map(\.description)
            throw Status(
                code: 500, reason: "",
                message: words.count == 1 ? words[0] : "[\(words.joined(separator: ", "))]")
        }
    }
}

extension Registry {
    package func bind(_ pod: ObjectName, uid: String, to node: String) async throws(Status) {
        var binding = PodBinding(node: node)
        binding.uid = uid
        try await bind(pod, binding)
    }

    /// Binds a Pod that is not bound yet (pkg/registry/core/pod/storage, `BindingREST`).
    ///
    /// - Throws: 404 NotFound, 409 Conflict.
    package func bind(
        _ name: ObjectName, _ binding: PodBinding, _ options: WriteOptions = WriteOptions()
    ) async throws(Status) {
        let pods = try kind(.pods)
        _ = try await update(pods, name, .binding, options) { (old) throws(Status) in
            guard var pod = old else { throw .notFound(.pods, name: name.name) }
            if !binding.uid.isEmpty, binding.uid != pod.uid {
                throw .uidDiffers(pods, name, wanted: binding.uid, found: pod.uid)
            }
            if !binding.resourceVersion.isEmpty, binding.resourceVersion != pod.resourceVersion {
                throw .conflict(.pods, name: name.name)
            }
            if let cause = pod.reasonAgainstBinding {
                let resource = Resource(
                    group: "", version: "v1", kind: "Pod", plural: "pods/binding", isNamespaced: true)
                throw .conflict(resource, name: name.name, cause: cause)
            }
            pod[["spec", "nodeName"]] = .string(binding.node)
            pod[["status", "nominatedNodeName"]] = nil
            if !binding.annotations.isEmpty { pod.annotations.merge(binding.annotations) { $1 } }
            if !binding.labels.isEmpty { pod.labels.merge(binding.labels) { $1 } }
            pod.setCondition(["type": "PodScheduled", "status": "True"])
            return pod
        }
    }
}

extension Unstructured {
    fileprivate var reasonAgainstBinding: String? {
        if deletionTimestamp != nil { return "pod \(name) is being deleted, cannot be assigned to a host" }
        if let node = self[["spec", "nodeName"]]?.string, !node.isEmpty {
            return "pod \(name) is already assigned to node \"\(node)\""
        }
        if self[["spec", "schedulingGates"]]?.array?.isEmpty == false {
            return "pod \(name) has non-empty .spec.schedulingGates"
        }
        return nil
    }

    /// Adds a condition to `status.conditions`, or replaces the one of its type; the time of its transition is now, unless
    /// its status stays the same.
    mutating func setCondition(_ given: JSONValue) {
        var condition = given
        var conditions = self[["status", "conditions"]]?.array ?? []
        condition["lastTransitionTime"] = .string(Timestamp.now.wholeSeconds.text)
        if let index = conditions.firstIndex(where: { $0["type"] == condition["type"] }) {
            if conditions[index]["status"] == condition["status"], let time = conditions[index]["lastTransitionTime"] {
                condition["lastTransitionTime"] = time
            }
            conditions[index] = condition
        } else {
            conditions.append(condition)
        }
        self[["status", "conditions"]] = .array(conditions)
    }
}
