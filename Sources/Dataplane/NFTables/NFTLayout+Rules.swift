import Net
import Netlink

/// The rules, chain by chain, each with a comment that says why it is there: `nft list` and `fairlead explain` show it.
extension NFTLayout {
    var prerouting: [NFTRule] { [rule("prerouting", [.verdict(.jump(Chain.services))])] }

    var output: [NFTRule] {
        var rules: [NFTRule] = []
        if configuration.localhostNodePorts, family == .ipv4 {
            rules.append(
                rule(
                    "output", load(.destinationAddress), [.compare(.word(0), isEqual: true, [127, 0, 0, 1])],
                    key(FrontendKind.nodePort.fields), lookup(.nodePorts), [.verdict(.goto(Chain.nodePort))],
                    comment: "NodePort on 127.0.0.1"))
        }
        return rules + [rule("output", [.verdict(.jump(Chain.services))])]
    }

    var services: [NFTRule] {
        let address = key(FrontendKind.address.fields)
        return [
            rule(
                Chain.services, load(.destinationAddress), lookup(.clusterIPs), [.verdict(.goto(Chain.clusterIP))],
                comment: "ClusterIP"),
            rule(
                Chain.services, address, lookup(.externalFrontends), [.verdict(.goto(Chain.external))],
                comment: "load balancer address or external IP"),
            rule(
                Chain.services, load(.destinationAddress), lookup(.nodeIPs), key(FrontendKind.nodePort.fields),
                lookup(.nodePorts), [.verdict(.goto(Chain.nodePort))], comment: "NodePort"),
            rule(
                Chain.services, load(.destinationAddress), lookup(.serviceCIDRs), [.verdict(.drop)],
                comment: "no Service has this ClusterIP"),
        ]
    }

    var clusterIP: [NFTRule] {
        var rules: [NFTRule] = []
        if configuration.masqueradeAll {
            rules.append(rule(Chain.clusterIP, setMark, comment: "masquerade: all connections to ClusterIPs"))
        } else if let notAPod = comesFromPod(false) {
            rules.append(rule(Chain.clusterIP, notAPod, setMark, comment: "masquerade: the source is not a pod"))
        }
        rules += dispatch(.address, from: Chain.clusterIP)
        rules.append(drop(.drops, .address, Chain.clusterIP, "internalTrafficPolicy Local, no endpoint on this node"))
        return rules + refuse(Chain.clusterIP, "ClusterIP without endpoints, or another port of it")
    }

    var external: [NFTRule] {
        let address = key(FrontendKind.address.fields)
        return [
            rule(
                Chain.external, address, lookup(.firewalled), [.verdict(.jump(Chain.sourceRanges))],
                comment: "loadBalancerSourceRanges"),
            rule(
                Chain.sourceRanges, key(FrontendKind.address.fields + [.sourceAddress]), lookup(.allowedSources),
                [.verdict(.return)], comment: "the source is in a range"),
            rule(Chain.sourceRanges, [.verdict(.drop)], comment: "the source is in none of the ranges"),
            rule(
                Chain.external, address, lookup(.externalLocal), [.verdict(.goto(Chain.externalLocal))],
                comment: "externalTrafficPolicy Local"),
            rule(Chain.external, setMark, comment: "masquerade: external traffic, policy Cluster"),
        ] + dispatch(.address, from: Chain.external) + refuse(Chain.external, "no endpoints")
    }

    var externalLocal: [NFTRule] {
        local(.address, Chain.externalLocal, shortCircuit: Chain.externalShortCircuit, drops: .drops)
    }

    var nodePort: [NFTRule] {
        [
            rule(
                Chain.nodePort, key(FrontendKind.nodePort.fields), lookup(.localNodePorts),
                [.verdict(.goto(Chain.nodePortLocal))], comment: "externalTrafficPolicy Local"),
            rule(Chain.nodePort, setMark, comment: "masquerade: external traffic, policy Cluster"),
        ] + dispatch(.nodePort, from: Chain.nodePort) + refuse(Chain.nodePort, "no endpoints")
    }

    var nodePortLocal: [NFTRule] {
        local(.nodePort, Chain.nodePortLocal, shortCircuit: Chain.nodePortShortCircuit, drops: .nodePortDrops)
    }

    /// Pods and the node itself reach all endpoints, as they would through the ClusterIP; others those of this node.
    private func local(_ kind: FrontendKind, _ chain: String, shortCircuit: String, drops: SetID) -> [NFTRule] {
        let isFromNode: [NFTExpression] = [
            .sourceAddressType(into: .word(0)),
            .compare(.word(0), isEqual: true, NFTExpression.hostOrder(NFTExpression.typeLocal)),
        ]
        var rules: [NFTRule] = []
        if let pod = comesFromPod(true) {
            rules.append(rule(chain, pod, [.verdict(.goto(shortCircuit))], comment: "from a pod: all endpoints"))
        }
        rules += [
            rule(chain, isFromNode, setMark, comment: "masquerade: from this node"),
            rule(chain, isFromNode, [.verdict(.goto(shortCircuit))], comment: "from this node: all endpoints"),
        ]
        rules += dispatch(Pick(kind, isLocal: true), from: chain)
        rules.append(drop(drops, kind, chain, "externalTrafficPolicy Local, no endpoint on this node"))
        rules += refuse(chain, "no endpoints")
        return rules + dispatch(Pick(kind, isLocal: false), from: shortCircuit) + refuse(shortCircuit, "no endpoints")
    }

    private func drop(_ set: SetID, _ kind: FrontendKind, _ chain: String, _ comment: String) -> NFTRule {
        rule(chain, key(kind.fields), lookup(set), [.verdict(.drop)], comment: comment)
    }

    private func refuse(_ chain: String, _ comment: String) -> [NFTRule] {
        var rules: [NFTRule] = []
        if configuration.staleTCP == .reset {
            // Offset of the flags in struct tcphdr, and SYN.
            let isNotSYN: [NFTExpression] = [
                .meta(.l4Protocol, into: .word(0)),
                .compare(.word(0), isEqual: true, [L4Protocol.tcp.rawValue]),
                .payload(base: .transport, offset: 13, length: 1, into: .word(0)),
                .bitwise(from: .word(0), into: .word(0), mask: [2], xor: [0]),
                .compare(.word(0), isEqual: true, [0]),
            ]
            rules.append(rule(chain, isNotSYN, [.rejectWithReset], comment: "a connection whose endpoint has gone"))
        }
        return rules + [rule(chain, [.reject], comment: comment)]
    }

    var postrouting: [NFTRule] {
        let mark = NFTExpression.hostOrder(configuration.masqueradeMark)
        let isMarked: [NFTExpression] = [
            .meta(.mark, into: .word(0)),
            .bitwise(from: .word(0), into: .word(0), mask: mark, xor: NFTExpression.hostOrder(0)),
            .compare(.word(0), isEqual: true, mark),
        ]
        let unmark: [NFTExpression] = [
            .meta(.mark, into: .word(0)),
            .bitwise(from: .word(0), into: .word(0), mask: NFTExpression.hostOrder(.max), xor: mark),
            .setMeta(.mark, from: .word(0)),
        ]
        return [
            rule("postrouting", isMarked, unmark, [.masquerade(fullyRandom: true)], comment: "marked for masquerade"),
            rule(
                "postrouting", conntrackHas(.status, NFTExpression.statusDestinationNAT),
                key([.sourceAddress, .destinationAddress]), lookup(.hairpin), [.masquerade(fullyRandom: true)],
                comment: "an endpoint reaches itself"),
        ]
    }

    var input: [NFTRule] {
        var rules = [
            rule(
                "input",
                [.meta(.l4Protocol, into: .word(0)), .compare(.word(0), isEqual: true, [L4Protocol.tcp.rawValue])],
                load(.destinationPort), lookup(.healthCheckPorts), load(.destinationAddress), lookup(.nodeIPs),
                [.verdict(.accept)], comment: "health checks of load balancers")
        ]
        if configuration.localhostNodePorts, family == .ipv4 {
            // route_localnet lets 127.0.0.0/8 in from other hosts; they must not reach what listens there.
            rules.append(
                rule(
                    "input", load(.destinationAddress),
                    [
                        .bitwise(from: .word(0), into: .word(0), mask: [255, 0, 0, 0], xor: [0, 0, 0, 0]),
                        .compare(.word(0), isEqual: true, [127, 0, 0, 0]),
                    ], compareInput(false, "lo", isPrefix: false),
                    conntrackHas(.state, NFTExpression.stateEstablished | NFTExpression.stateRelated, false),
                    [.verdict(.drop)], comment: "127.0.0.0/8 is for this host alone"))
        }
        return rules
    }

    var forward: [NFTRule] {
        guard configuration.invalidPackets == .drop else { return [] }
        return [
            rule(
                "forward", conntrackHas(.state, NFTExpression.stateInvalid), [.verdict(.drop)],
                comment: "conntrack cannot place it: the client would answer with a reset")
        ]
    }
}
