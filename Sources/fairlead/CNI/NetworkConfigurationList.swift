import Net

/// The conflist that `fairlead cni install` writes; those in `cni-conf` are such.
struct NetworkConfigurationList {
    enum Mode: String, CaseIterable {
        case ptp
        case bridge
    }

    var name = "fairlead"
    var mode = Mode.ptp
    /// Of `bridge`.
    var bridge = "cni0"
    /// Of this node's pods; each pod gets an address of each family. Where there are none, the plugin looks for itself.
    var podNetworks: [IPPrefix]
    /// In bytes; nil is the uplink's.
    var mtu: Int?
    var masquerades = true

    /// containerd 1.6 fails on "cniVersion": "1.1.0", and only after the plugin has done its work; newer runtimes take the newest of
    /// "cniVersions". Without 1.1.0 they would leave out GC and STATUS.
    var text: String {
        var fields = [#""type": "\#(Self.pluginName)""#, #""mode": "\#(mode.rawValue)""#]
        if mode == .bridge {
            fields += [#""bridge": "\#(bridge)""#, #""isGateway": true"#, #""hairpinMode": true"#]
        }
        if let mtu { fields.append(#""mtu": \#(mtu)"#) }
        fields += [#""ipMasq": \#(masquerades)"#, #""ipam": \#(addressManagement)"#]
        let capabilities = ["portMappings", "bandwidth", "ips", "mac", "dns"].map { #""\#($0)": true"# }
        fields.append(#""capabilities": { \#(capabilities.joined(separator: ", ")) }"#)
        return """
            {
              "cniVersion": "1.0.0",
              "cniVersions": ["1.0.0", "1.1.0"],
              "name": "\(name)",
              "plugins": [
                {
                  \(fields.joined(separator: ",\n      "))
                }
              ]
            }

            """
    }

    /// The name of the executable, by which runtimes find it.
    static let pluginName = "fairlead-cni"

    private var addressManagement: String {
        let families = IPFamily.allCases.filter { family in
            podNetworks.isEmpty || podNetworks.contains { $0.family == family }
        }
        let routes = families.map { #"{ "dst": "\#($0 == .ipv4 ? "0.0.0.0/0" : "::/0")" }"# }
        guard !podNetworks.isEmpty else { return #"{ "routes": [\#(routes.joined(separator: ", "))] }"# }
        let sets = families.map { family in
            let ranges = podNetworks.filter { $0.family == family }.map { #"{ "subnet": "\#($0)" }"# }
            return "[\(ranges.joined(separator: ", "))]"
        }
        return """
            {
                    "ranges": [
                      \(sets.joined(separator: ",\n          "))
                    ],
                    "routes": [\(routes.joined(separator: ", "))]
                  }
            """
    }
}
