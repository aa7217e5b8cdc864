/// An object that a node reads from an API server: of its JSON only what the node uses.
///
/// What is read equals what `JSONDecoder` reads. The rest is checked to be JSON and left as it is in an object that
/// never had it:
///
/// - of `metadata`: `generateName`, `generation`, `deletionGracePeriodSeconds`, `ownerReferences`, `finalizers`,
///   `managedFields`, and all annotations but `EndpointSlice.triggerTimeAnnotation`;
/// - of a Service's `spec`: `selector`, `ipFamilies`, `ipFamilyPolicy`, `publishNotReadyAddresses`, `externalName`,
///   `trafficDistribution`, `loadBalancerIP`, `loadBalancerClass`, `allocateLoadBalancerNodePorts`, and of `ports`
///   `targetPort` and `appProtocol`; of its `status`, `conditions` and the ports of `ingress`;
/// - of an EndpointSlice's endpoints: `targetRef` and `hostname`; of its ports `appProtocol`;
/// - of a Node: all but `podCIDR`, `podCIDRs`, `taints` and `addresses`; of a ServiceCIDR `status`.
package protocol WireObject: KubernetesObject, JSONReadable {}

extension WireObject {
    /// Reads the object that the text is.
    ///
    /// - Throws: `DecodeError.malformed` for text that is no JSON; what is JSON but no such object is a failure.
    package static func read(_ text: Span<UInt8>) throws(DecodeError) -> Result<Self, UnreadableObject> {
        var reader = JSONReader(text)
        do throws(JSONFault) {
            let object = try Self(from: &reader)
            try reader.finish()
            return .success(object)
        } catch {
            let header = try WireHeader(text)
            let unreadable = UnreadableObject(
                kind: resource.kind, name: header.objectName, error: JSONReader.decodeError(error, in: text))
            return .failure(unreadable)
        }
    }
}

extension JSONReader {
    /// Checks one of the fields that say what an object is. Items of a list carry neither, so that absence is no error.
    @_lifetime(self: copy self)
    mutating func expect(_ expected: String) throws(JSONFault) {
        let isNull = try skipNull()
        if isNull { return }
        let start = offset
        let found = try text()
        guard found.isEmpty || found == expected else {
            throw .problem(at: start, "expected '\(expected)', found '\(found.quotable)'")
        }
    }
}
