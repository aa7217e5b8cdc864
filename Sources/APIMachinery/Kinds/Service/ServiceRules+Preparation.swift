import KubeAPI

/// What a write of a Service keeps of what was allocated, and drops with a change of the type. Upstream does the first before
/// it allocates and the second after; addresses and node ports that are missing afterwards are the allocator's to give.
extension ServiceRules {
    static func prepare(_ service: inout Unstructured, _ old: Unstructured?) {
        Preparation.write(&service, old)
        guard let old else {
            service["status"] = ["loadBalancer": .object(JSONObject())]
            service.edit("spec") { spec in
                if spec.list("clusterIPs").isEmpty, !spec.text("clusterIP").isEmpty {
                    spec["clusterIPs"] = [.string(spec.text("clusterIP"))]
                }
            }
            return
        }
        var isBalanced = false
        service.edit("spec") { spec in
            keepAllocations(&spec, of: old.spec)
            pairAddresses(&spec, old.spec)
            dropFieldsOfType(&spec, old.spec)
            isBalanced = spec.text("type") == "LoadBalancer"
        }
        if !isBalanced { service[["status", "loadBalancer"]] = .object(JSONObject()) }
    }

    /// `patchAllocatedValues` (pkg/registry/core/service/storage).
    private static func keepAllocations(_ spec: inout JSONValue, of old: JSONValue) {
        if spec.text("type") != "ExternalName", old.text("type") != "ExternalName" {
            spec.setIfZero("clusterIP", old["clusterIP"] ?? "")
            if spec.list("clusterIPs").isEmpty, !old.list("clusterIPs").isEmpty {
                spec["clusterIPs"] = old["clusterIPs"]
            }
        }
        if ServiceTraits(spec).wantsNodePorts, ServiceTraits(old).wantsNodePorts { keepNodePorts(&spec, of: old) }
        if ServiceTraits(spec).wantsHealthCheckNodePort, ServiceTraits(old).wantsHealthCheckNodePort {
            spec.setIfZero("healthCheckNodePort", old["healthCheckNodePort"] ?? 0)
        }
    }

    /// By the names of the ports: the rest of a port may have changed.
    private static func keepNodePorts(_ spec: inout JSONValue, of old: JSONValue) {
        func used(_ spec: JSONValue) -> Set<Int> { Set(spec.list("ports").map { $0.number("nodePort") }) }
        let taken = used(old).intersection(used(spec))
        let known = Dictionary(old.list("ports").map { ($0.text("name"), $0.number("nodePort")) }) { $1 }
        spec.editEach("ports") { port in
            guard port.number("nodePort") == 0, let node = known[port.text("name")], node != 0, !taken.contains(node)
            else { return }
            port["nodePort"] = JSONValue(node)
        }
    }

    /// `normalizeClusterIPs`: what an older client, which knows only `clusterIP`, means with `clusterIPs`.
    private static func pairAddresses(_ spec: inout JSONValue, _ old: JSONValue) {
        let isSame = spec.text("clusterIP") == old.text("clusterIP")
        let arePluralSame = spec.texts("clusterIPs") == old.texts("clusterIPs")
        if isSame, spec.list("clusterIPs").isEmpty, !old.list("clusterIPs").isEmpty {
            spec["clusterIPs"] = old["clusterIPs"]
        }
        guard !isSame, arePluralSame else { return }
        let address = spec.text("clusterIP")
        spec["clusterIPs"] = address.isEmpty ? nil : [.string(address)]
    }

    /// `dropTypeDependentFields`: what the new type has no use for goes, unless the client changed it as well.
    private static func dropFieldsOfType(_ spec: inout JSONValue, _ old: JSONValue) {
        let (now, before) = (ServiceTraits(spec), ServiceTraits(old))
        func isKept(_ key: String) -> Bool { (spec.field(key) ?? .null) == (old.field(key) ?? .null) }
        if before.type != "ExternalName", now.type == "ExternalName" {
            if isKept("clusterIP"), isKept("clusterIPs") {
                spec["clusterIP"] = nil
                spec["clusterIPs"] = nil
            }
            for key in ["ipFamilies", "ipFamilyPolicy"] where isKept(key) { spec[key] = nil }
        }
        if before.wantsNodePorts, !now.wantsNodePorts, nodePorts(of: spec).isSubset(of: nodePorts(of: old)) {
            spec.editEach("ports") { $0["nodePort"] = nil }
        }
        if before.wantsHealthCheckNodePort, !now.wantsHealthCheckNodePort, isKept("healthCheckNodePort") {
            spec["healthCheckNodePort"] = nil
        }
        if before.type == "LoadBalancer", now.type != "LoadBalancer" {
            for key in ["allocateLoadBalancerNodePorts", "loadBalancerClass"] where isKept(key) { spec[key] = nil }
        }
        if before.isExternallyAccessible, !now.isExternallyAccessible, isKept("externalTrafficPolicy") {
            spec["externalTrafficPolicy"] = nil
        }
    }

    private static func nodePorts(of spec: JSONValue) -> Set<Int> {
        Set(spec.list("ports").map { $0.number("nodePort") }).subtracting([0])
    }
}
