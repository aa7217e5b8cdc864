/// What Fairlead makes of one of kube-proxy's feature gates (pkg/features/kube_features.go and k8s.io/component-base, 1.36).
enum FeatureGate {
    /// Fairlead behaves as with this value, and with the other one something would be done that was not asked for.
    case always(Bool)
    /// Fairlead behaves as with this value; the other one asks for something that is not there.
    case absent(String)
    /// Nothing of it can be seen from outside, or it is for Windows.
    case immaterial

    static let known: [String: FeatureGate] = [
        "AllowServiceExternalIPs": .always(true),
        "MultiCIDRServiceAllocator": .always(true),
        "NFTablesProxyMode": .always(true),
        "PreferSameTrafficDistribution": .always(true),
        "ComponentFlagz": .absent("there is no /flagz"),
        "ComponentStatusz": .absent("there is no /statusz"),
        "NativeHistograms": .absent("there are no native histograms"),
        "AllAlpha": .absent("Fairlead has no alpha features"),
        "AllBeta": .absent("Fairlead has no beta features"),
        "ContextualLogging": .immaterial,
        "LoggingAlphaOptions": .immaterial,
        "LoggingBetaOptions": .immaterial,
        "WinDSR": .immaterial,
        "WinOverlay": .immaterial,
    ]

    static func check(_ gates: [String: Bool], _ findings: inout Findings) {
        for (name, value) in gates.sorted(by: { $0.key < $1.key }) {
            let field = "featureGates.\(name)"
            switch known[name] {
            case .always(let own):
                findings.require(
                    value == own, field, "\(value) is not built into Fairlead, which behaves as with \(own)")
            case .absent(let consequence):
                if value { findings.warn(field, "has no effect: \(consequence)") }
            case .immaterial: break
            case nil: findings.warn(field, "has no effect: Fairlead does not know this gate")
            }
        }
    }
}
