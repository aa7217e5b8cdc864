import KubeAPI

/// Pods made from a template.
enum PodTemplate {
    static let hashLabel = "pod-template-hash"

    /// A Pod of an owner, to be given a name by the server (upstream's `GetPodFromTemplate`).
    static func pod(_ template: JSONValue, owner: Unstructured, namePrefix: String? = nil) -> Unstructured {
        var pod = Unstructured(.pods, namespace: owner.namespace, name: "")
        for key in ["labels", "annotations", "finalizers"] {
            pod[["metadata", key]] = template[["metadata", key]].flatMap { $0.isNull ? nil : $0 }
        }
        pod[["metadata", "generateName"]] = .string(namePrefix ?? prefix(owner.name))
        pod.ownerReferences = [owner.asController]
        pod["spec"] = template["spec"]
        return pod
    }

    /// The name with a hyphen, where that leaves room for what the server adds.
    private static func prefix(_ name: String) -> String { name.utf8.count < 253 ? "\(name)-" : name }

    /// The same template, whatever its hash label.
    static func isEqual(_ left: JSONValue?, _ right: JSONValue?) -> Bool { bare(left) == bare(right) }

    /// Without the hash label, and without what says nothing.
    static func bare(_ template: JSONValue?) -> JSONValue {
        var template = (template ?? .null).withoutNulls
        template[["metadata", "labels", hashLabel]] = nil
        for key in ["labels", "annotations"] where template[["metadata", key]]?.object?.isEmpty == true {
            template[["metadata", key]] = nil
        }
        template[["metadata", "name"]] = nil
        if template["metadata"]?.object?.isEmpty == true { template["metadata"] = nil }
        return template
    }

    /// A short word for a template, in the letters that upstream's `SafeEncodeString` uses. The number that is spelled is
    /// FNV-1a of the template's JSON: upstream hashes how Go prints its structs, which no one else can.
    static func hash(_ template: JSONValue, collisions: Int?) -> String {
        var hash: UInt32 = 2_166_136_261
        var bytes = bare(template).json
        if let collisions { bytes += (0..<4).map { UInt8(truncatingIfNeeded: collisions >> (8 * $0)) } }
        for byte in bytes { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        let letters = Array("bcdfghjklmnpqrstvwxz2456789")
        return String(String(hash).utf8.map { letters[Int($0) % letters.count] })
    }
}
