import APIMachinery
import KubeAPI

/// Gives a new Pod what its service account gives it: the volume with the account's token, and the secrets that images
/// are pulled with (plugin/pkg/admission/serviceaccount).
///
/// Account `default` is there a moment after its namespace; a Pod that comes before it is taken all the same, where
/// upstream waits.
struct ServiceAccountAdmission {
    private static let mountPath = "/var/run/secrets/kubernetes.io/serviceaccount"
    private static let volumePrefix = "kube-api-access-"
    /// A kubelet asks for a new one long before.
    private static let tokenSeconds = 3607
    /// The Pod of a kubelet's own file, which the API only mirrors.
    private static let mirrorAnnotation = "kubernetes.io/config.mirror"

    /// - Parameter account: nil where it is not there.
    /// - Throws: 403.
    static func admit(_ pod: inout Unstructured, _ account: Unstructured?) throws(Status) {
        if pod.annotations[mirrorAnnotation] != nil { return }
        let name = accountName(of: pod)
        guard account != nil || name == "default" else {
            throw .forbidden(
                .pods, name: pod.name,
                "error looking up service account \(pod.namespace)/\(name): serviceaccount \"\(name)\" not found")
        }
        let isMounted =
            pod[["spec", "automountServiceAccountToken"]]?.bool ?? account?["automountServiceAccountToken"]?.bool
            ?? true
        if isMounted { mount(&pod) }
        let secrets = account?.tree.list(at: "imagePullSecrets") ?? []
        if pod.tree.list(at: "spec", "imagePullSecrets").isEmpty, !secrets.isEmpty {
            pod[["spec", "imagePullSecrets"]] = .array(secrets)
        }
    }

    static func accountName(of pod: Unstructured) -> String {
        let names = ["serviceAccountName", "serviceAccount"].map { pod.tree.text(at: "spec", $0) }
        return names.first { !$0.isEmpty } ?? "default"
    }

    private static func mount(_ pod: inout Unstructured) {
        var volumes = pod.tree.list(at: "spec", "volumes")
        let known = volumes.map { $0.text(at: "name") }.first { $0.hasPrefix(volumePrefix) }
        let name = known ?? GeneratedName.make(volumePrefix)
        var isUsed = false
        for key in ["initContainers", "containers"] {
            guard let containers = pod[["spec", key]]?.array else { continue }
            let mounted = containers.map { container -> JSONValue in
                let mounts = container.list(at: "volumeMounts")
                if mounts.contains(where: { $0.text(at: "mountPath") == mountPath }) { return container }
                isUsed = true
                var container = container
                container["volumeMounts"] = .array(
                    mounts + [["name": .string(name), "readOnly": true, "mountPath": .string(mountPath)]])
                return container
            }
            pod[["spec", key]] = .array(mounted)
        }
        guard known == nil, isUsed else { return }
        volumes.append(["name": .string(name), "projected": source])
        pod[["spec", "volumes"]] = .array(volumes)
    }

    private static let source: JSONValue = [
        "defaultMode": 0o644,
        "sources": [
            ["serviceAccountToken": ["path": "token", "expirationSeconds": JSONValue(tokenSeconds)]],
            ["configMap": ["name": "kube-root-ca.crt", "items": [["key": "ca.crt", "path": "ca.crt"]]]],
            [
                "downwardAPI": [
                    "items": [
                        [
                            "path": "namespace",
                            "fieldRef": ["apiVersion": "v1", "fieldPath": "metadata.namespace"],
                        ]
                    ]
                ]
            ],
        ],
    ]
}

extension Registry {
    /// What plugins of admission do to a new object.
    ///
    /// - Throws: 403.
    func admit(_ object: inout Unstructured, of kind: ServedKind) async throws(Status) {
        guard givesTokens, kind.resource == .pods else { return }
        let name = ObjectName(
            namespace: object.namespace, name: ServiceAccountAdmission.accountName(of: object))
        try ServiceAccountAdmission.admit(&object, try await find(.serviceAccounts, name))
    }
}
