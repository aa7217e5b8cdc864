import FoundationEssentials
import KubeAPI
import Net

/// Objects as an API server of Kubernetes 1.34 writes them into a watch or a list: most of their bytes say who wrote what.
enum WireSamples {
    /// An EndpointSlice as the EndpointSlice controller writes it.
    static func endpointSlice(_ number: Int, endpoints: Int) -> String {
        let service = "service-\(number)"
        let entries = (0..<endpoints).map { endpoint(number * endpoints + $0, service: service) }
        return """
            {"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","metadata":{"name":"\(service)-\(suffix(number))",\
            "generateName":"\(service)-","namespace":"default","uid":"\(uid(number))","resourceVersion":"\(31_415 + number)",\
            "generation":7,"creationTimestamp":"2025-03-04T05:06:07Z","labels":{"app.kubernetes.io/name":"\(service)",\
            "endpointslice.kubernetes.io/managed-by":"endpointslice-controller.k8s.io",\
            "kubernetes.io/service-name":"\(service)"},"annotations":{\
            "endpoints.kubernetes.io/last-change-trigger-time":"2025-03-04T05:06:07Z"},"ownerReferences":[{\
            "apiVersion":"v1","kind":"Service","name":"\(service)","uid":"\(uid(number + 1))","controller":true,\
            "blockOwnerDeletion":true}],"managedFields":[{"manager":"kube-controller-manager","operation":"Update",\
            "apiVersion":"discovery.k8s.io/v1","time":"2025-03-04T05:06:07Z","fieldsType":"FieldsV1","fieldsV1":{\
            "f:addressType":{},"f:endpoints":{},"f:metadata":{"f:annotations":{".":{},\
            "f:endpoints.kubernetes.io/last-change-trigger-time":{}},"f:generateName":{},"f:labels":{".":{},\
            "f:app.kubernetes.io/name":{},"f:endpointslice.kubernetes.io/managed-by":{},"f:kubernetes.io/service-name":{}},\
            "f:ownerReferences":{".":{},"k:{\\"uid\\":\\"\(uid(number + 1))\\"}":{}}},"f:ports":{}}}]},\
            "addressType":"IPv4","endpoints":[\(entries.joined(separator: ","))],\
            "ports":[{"name":"http","protocol":"TCP","port":8080}]}
            """
    }

    private static func endpoint(_ number: Int, service: String) -> String {
        let zone = "eu-central-1\(["a", "b", "c"][number % 3])"
        return """
            {"addresses":["\(IPAddress(v4: 10 << 24 | UInt32(number + 1)))"],"conditions":{"ready":true,"serving":true,\
            "terminating":false},"targetRef":{"kind":"Pod","namespace":"default",\
            "name":"\(service)-7d9c5b8f6d-\(suffix(number))","uid":"\(uid(number))"},\
            "nodeName":"worker-\(number % 100)","zone":"\(zone)"}
            """
    }

    /// A Service that was applied with kubectl.
    static func service(_ number: Int) -> String {
        let name = "service-\(number)"
        let address = IPAddress(v4: 0x0A60_0001 + UInt32(number))
        let applied =
            #"{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"annotations\":{},\"name\":\""# + name
            + #"\",\"namespace\":\"default\"},\"spec\":{\"ports\":[{\"name\":\"http\",\"port\":80}]}}\n"#
        return """
            {"kind":"Service","apiVersion":"v1","metadata":{"name":"\(name)","namespace":"default","uid":"\(uid(number))",\
            "resourceVersion":"\(31_415 + number)","creationTimestamp":"2025-03-04T05:06:07Z","labels":{\
            "app.kubernetes.io/name":"\(name)","app.kubernetes.io/part-of":"shop"},"annotations":{\
            "kubectl.kubernetes.io/last-applied-configuration":"\(applied)"},"managedFields":[{\
            "manager":"kubectl-client-side-apply","operation":"Update","apiVersion":"v1","time":"2025-03-04T05:06:07Z",\
            "fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:annotations":{".":{},\
            "f:kubectl.kubernetes.io/last-applied-configuration":{}},"f:labels":{".":{},"f:app.kubernetes.io/name":{}}},\
            "f:spec":{"f:internalTrafficPolicy":{},"f:ports":{".":{},"k:{\\"port\\":80,\\"protocol\\":\\"TCP\\"}":{".":{},\
            "f:name":{},"f:port":{},"f:protocol":{},"f:targetPort":{}}},"f:selector":{},"f:sessionAffinity":{},\
            "f:type":{}}}}]},"spec":{"ports":[{"name":"http","protocol":"TCP","port":80,"targetPort":8080}],\
            "selector":{"app.kubernetes.io/name":"\(name)"},"clusterIP":"\(address)","clusterIPs":["\(address)"],\
            "type":"ClusterIP","sessionAffinity":"None","ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack",\
            "internalTrafficPolicy":"Cluster"},"status":{"loadBalancer":{}}}
            """
    }

    /// Five letters, as of a generated name.
    private static func suffix(_ number: Int) -> String {
        let letters = Array("bcdfghjklmnpqrstvwxz2456789")
        return String((0..<5).map { place in letters[(number * 7_919 + place * 104_729) / (place * 26 + 1) % 27] })
    }

    private static func uid(_ number: Int) -> String {
        let digits = String(UInt64(number + 1) &* 0x9E37_79B9_7F4A_7C15 | 1 << 63, radix: 16)
        return "\(digits.prefix(8))-4f1c-4a4e-9d06-\(digits.suffix(12))"
    }
}
