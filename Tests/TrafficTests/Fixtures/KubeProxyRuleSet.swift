import Net
import TestSupport

/// What kube-proxy would program for one Service with endpoints on any node, with the same policies for all: rules that
/// work, in the layout of its modes.
struct KubeProxyRuleSet {
    let service: ServiceFixture
    let servers: [LabPod]
    let node: LabNode

    /// A port with what its chains are named after.
    private var ports: [(port: ServiceFixture.Port, proto: String, hash: String)] {
        service.ports.enumerated().map { ($1, $1.transport.description.lowercased(), "\($0)ABCDEFGHIJKLMNO") }
    }

    // MARK: nftables mode

    /// A table `kube-proxy`, for `nft -f`.
    func nftables(_ family: IPFamily) -> String {
        let (ip, type) = family == .ipv4 ? ("ip", "ipv4_addr") : ("ip6", "ipv6_addr")
        let clusterIP = service.clusterIP[family]
        return """
            table \(ip) kube-proxy {
                comment "rules for kube-proxy"
                set cluster-ips { type \(type); elements = { \(clusterIP) } }
                set nodeport-ips { type \(type); elements = { \(node.address[family]) } }
                set hairpin-connections {
                    type \(type) . \(type) . inet_proto . inet_service
                    elements = { \(hairpins(family)) }
                }
                map service-ips {
                    type \(type) . inet_proto . inet_service : verdict
                    elements = { \(list { "\(clusterIP) . \($0.proto) . \($0.port.port) : goto service-\($0.hash)" }) }
                }
                map service-nodeports {
                    type inet_proto . inet_service : verdict
                    elements = { \(list { "\($0.proto) . \($0.port.nodePort) : goto external-\($0.hash)" }) }
                }
                map no-endpoint-services { type \(type) . inet_proto . inet_service : verdict; }
                \(ports.map { serviceChains(family, $0.proto, $0.hash, $0.port) }.joined(separator: "\n"))
                chain mark-for-masquerade { mark set mark or 0x4000; }
                chain masquerading {
                    mark and 0x4000 == 0 return
                    mark set mark xor 0x4000
                    masquerade fully-random
                }
                chain services {
                    \(ip) daddr . meta l4proto . th dport vmap @service-ips
                    \(ip) daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports
                }
                chain cluster-ips-check { \(ip) daddr @cluster-ips reject; }
                chain service-endpoints-check { \(ip) daddr . meta l4proto . th dport vmap @no-endpoint-services; }
                chain filter-forward {
                    type filter hook forward priority 0;
                    ct state new jump service-endpoints-check
                    ct state new jump cluster-ips-check
                }
                chain filter-output {
                    type filter hook output priority 0;
                    ct state new jump service-endpoints-check
                    ct state new jump cluster-ips-check
                }
                chain nat-prerouting { type nat hook prerouting priority -100; jump services; }
                chain nat-output { type nat hook output priority -100; jump services; }
                chain nat-postrouting {
                    type nat hook postrouting priority 100
                    jump masquerading
                    \(ip) saddr . \(ip) daddr . meta l4proto . th dport @hairpin-connections masquerade fully-random
                }
            }

            """
    }

    private func serviceChains(
        _ family: IPFamily, _ proto: String, _ hash: String, _ port: ServiceFixture.Port
    ) -> String {
        let ip = family == .ipv4 ? "ip" : "ip6"
        let targets = servers.enumerated().map { "\($0) : \($1.address[family]) . \(port.target)" }
        return """
            chain service-\(hash) {
                \(ip) daddr @cluster-ips \(ip) saddr != \(podNetwork(family)) jump mark-for-masquerade
                meta l4proto \(proto) dnat \(ip) to numgen random mod \(servers.count) map { \(targets.joined(separator: ", ")) }
            }
            chain external-\(hash) {
                jump mark-for-masquerade
                goto service-\(hash)
            }
            """
    }

    private func hairpins(_ family: IPFamily) -> String {
        servers.filter { $0.node == node.number }.flatMap { server in
            ports.map { "\(server.address[family]) . \(server.address[family]) . \($0.proto) . \($0.port.target)" }
        }.joined(separator: ", ")
    }

    private func list(_ text: ((port: ServiceFixture.Port, proto: String, hash: String)) -> String) -> String {
        ports.map(text).joined(separator: ", ")
    }

    private func podNetwork(_ family: IPFamily) -> String {
        LabAddresses.clusterCIDRs.first { $0.family == family }?.description ?? ""
    }

    // MARK: iptables mode

    /// Its chains and rules, for `iptables-nft-restore --noflush`.
    func iptables(_ family: IPFamily) -> String {
        let bits = family.bitWidth
        var lines = [
            "*mangle", ":KUBE-PROXY-CANARY - [0:0]", "COMMIT", "*filter", ":KUBE-PROXY-CANARY - [0:0]",
            ":KUBE-SERVICES - [0:0]", ":KUBE-EXTERNAL-SERVICES - [0:0]", ":KUBE-NODEPORTS - [0:0]",
            ":KUBE-FORWARD - [0:0]", ":KUBE-PROXY-FIREWALL - [0:0]",
        ]
        for chain in ["INPUT", "FORWARD", "OUTPUT"] {
            lines.append("-I \(chain) -m conntrack --ctstate NEW -m comment --comment firewall -j KUBE-PROXY-FIREWALL")
        }
        lines += [
            "-A INPUT -m conntrack --ctstate NEW -j KUBE-EXTERNAL-SERVICES", "-A INPUT -j KUBE-NODEPORTS",
            "-A FORWARD -j KUBE-FORWARD", "-A FORWARD -m conntrack --ctstate NEW -j KUBE-SERVICES",
            "-A OUTPUT -m conntrack --ctstate NEW -j KUBE-SERVICES",
            "-A KUBE-FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT",
            "-A KUBE-FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", "COMMIT", "*nat",
            ":KUBE-PROXY-CANARY - [0:0]", ":KUBE-SERVICES - [0:0]", ":KUBE-NODEPORTS - [0:0]",
            ":KUBE-POSTROUTING - [0:0]", ":KUBE-MARK-MASQ - [0:0]", "-I PREROUTING -j KUBE-SERVICES",
            "-I OUTPUT -j KUBE-SERVICES", "-I POSTROUTING -j KUBE-POSTROUTING",
            "-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000",
            "-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN",
            "-A KUBE-POSTROUTING -j MARK --xor-mark 0x4000", "-A KUBE-POSTROUTING -j MASQUERADE --random-fully",
        ]
        for (port, proto, hash) in ports {
            let match = "-p \(proto) -m \(proto) --dport"
            lines += [
                ":KUBE-SVC-\(hash) - [0:0]", ":KUBE-EXT-\(hash) - [0:0]",
                "-A KUBE-SERVICES -d \(service.clusterIP[family])/\(bits) \(match) \(port.port) -j KUBE-SVC-\(hash)",
                "-A KUBE-NODEPORTS \(match) \(port.nodePort) -j KUBE-EXT-\(hash)",
                "-A KUBE-EXT-\(hash) -j KUBE-MARK-MASQ", "-A KUBE-EXT-\(hash) -j KUBE-SVC-\(hash)",
                "-A KUBE-SVC-\(hash) ! -s \(podNetwork(family)) -j KUBE-MARK-MASQ",
            ]
            for (index, server) in servers.enumerated() {
                let (chain, address) = ("KUBE-SEP-\(index)\(hash)", server.address[family])
                let share = 1 / Double(servers.count - index)
                let target = family == .ipv4 ? "\(address):\(port.target)" : "[\(address)]:\(port.target)"
                lines += [
                    ":\(chain) - [0:0]",
                    "-A KUBE-SVC-\(hash) -m statistic --mode random --probability \(share) -j \(chain)",
                    "-A \(chain) -s \(address)/\(bits) -j KUBE-MARK-MASQ",
                    "-A \(chain) -p \(proto) -m \(proto) -j DNAT --to-destination \(target)",
                ]
            }
        }
        lines.append("-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS")
        return (lines + ["COMMIT", ""]).joined(separator: "\n")
    }

    // MARK: What is not kube-proxy's

    /// Chains and rules of the kubelet and of a stranger in the same tables, for `iptables-nft-restore`.
    static func others(_ family: IPFamily) -> String {
        let loopback = family == .ipv4 ? "127.0.0.0/8" : "::1/128"
        return """
            *mangle
            :PREROUTING ACCEPT [0:0]
            :INPUT ACCEPT [0:0]
            :FORWARD ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            :POSTROUTING ACCEPT [0:0]
            :KUBE-KUBELET-CANARY - [0:0]
            :KUBE-IPTABLES-HINT - [0:0]
            -A FORWARD -p tcp -m tcp --tcp-flags SYN,RST SYN -m comment --comment "path MTU" -j TCPMSS --clamp-mss-to-pmtu
            COMMIT
            *filter
            :INPUT ACCEPT [0:0]
            :FORWARD ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            :KUBE-FIREWALL - [0:0]
            :KUBE-KUBELET-CANARY - [0:0]
            :STRANGER - [0:0]
            -A INPUT -j KUBE-FIREWALL
            -A INPUT -m limit --limit 3/sec -m comment --comment "KUBE-SERVICES in a comment" -j STRANGER
            -A FORWARD -m statistic --mode nth --every 7 --packet 0 -j STRANGER
            -A OUTPUT -j KUBE-FIREWALL
            -A KUBE-FIREWALL ! -s \(loopback) -d \(loopback) -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP
            -A STRANGER -p udp -m multiport --dports 7,9 -j RETURN
            COMMIT
            *nat
            :PREROUTING ACCEPT [0:0]
            :INPUT ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            :POSTROUTING ACCEPT [0:0]
            :KUBE-KUBELET-CANARY - [0:0]
            :KUBE-MARK-DROP - [0:0]
            :STRANGER - [0:0]
            -A PREROUTING -m addrtype --dst-type LOCAL -j STRANGER
            -A KUBE-MARK-DROP -j MARK --set-xmark 0x8000/0x8000
            -A STRANGER -p tcp -m tcp --dport 9999 -j REDIRECT --to-ports 9998
            COMMIT

            """
    }
}
