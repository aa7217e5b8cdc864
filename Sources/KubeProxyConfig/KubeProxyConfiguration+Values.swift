import Net

/// What the texts of a valid configuration stand for.
extension KubeProxyConfiguration {
    /// Where NodePorts are answered.
    package enum NodePortSelection: Hashable, Sendable {
        /// The node's primary address of each family.
        case primary
        /// Those of the node's addresses that are in one of the networks.
        case networks([IPPrefix])
    }

    /// How connections of pods are known.
    package enum PodDetection: Hashable, Sendable {
        /// By these networks, at most one a family; none: not at all.
        case networks([IPPrefix])
        /// By `spec.podCIDRs` of this node's Node object.
        case nodeNetworks
        case bridge(String)
        case interfacePrefix(String)
    }

    /// Where `/healthz` is served; nil for nowhere.
    package var healthzAddress: BindAddress? { BindAddress(healthzBindAddress) }

    /// Where `/metrics` is served; nil for nowhere.
    package var metricsAddress: BindAddress? { BindAddress(metricsBindAddress) }

    /// The node's primary address, where the configuration says it.
    package var primaryAddress: IPAddress? {
        IPAddress(sloppy: bindAddress).flatMap { $0.isUnspecified ? nil : $0 }
    }

    package var nodePorts: NodePortSelection {
        nodePortAddresses == ["primary"] || nodePortAddresses.isEmpty
            ? .primary : .networks(nodePortAddresses.compactMap(IPPrefix.init(sloppy:)))
    }

    package var podDetection: PodDetection {
        switch detectLocalMode {
        case "NodeCIDR": .nodeNetworks
        case "BridgeInterface": .bridge(detectLocal.bridgeInterface)
        case "InterfaceNamePrefix": .interfacePrefix(detectLocal.interfaceNamePrefix)
        default: .networks(clusterCIDR.split(separator: ",").compactMap { IPPrefix(sloppy: String($0)) })
        }
    }

    /// The bit of the packet mark that asks for masquerade.
    package var masqueradeBit: Int { Int(nftables.masqueradeBit ?? Self.masqueradeBit) }

    /// Whether every connection to a ClusterIP gets this node's address as its source.
    package var masqueradeAll: Bool { nftables.masqueradeAll }

    /// Half the time after which a change that is not in the kernel makes `/healthz` fail.
    package var syncPeriod: GoDuration { nftables.syncPeriod }

    /// The least time between two commits, where the user has set one.
    package var minSyncPeriod: GoDuration? { nftables.minSyncPeriod > .zero ? nftables.minSyncPeriod : nil }

    /// The name of this node's Node object (k8s.io/component-helpers/node/util `GetHostname`): `hostnameOverride` or the
    /// host's name, trimmed and in lower case. Nil where that leaves nothing.
    ///
    /// - Parameter hostName: The host's name.
    package func nodeName(hostName: String) -> String? {
        let name = (hostnameOverride.isEmpty ? hostName : hostnameOverride).trimmed.lowercased()
        return name.isEmpty ? nil : name
    }
}

extension String {
    /// Without white space at either end.
    package var trimmed: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}

extension KubeProxyConfiguration {
    /// Whether a text is an address as upstream's flags take it: leading zeros are allowed.
    package static func isAddress(_ text: String) -> Bool { IPAddress(sloppy: text) != nil }
}
