import Net

/// A rule set of the shape that the data plane programs, as nft reads it.
func ruleSetText(_ family: IPFamily) -> String {
    let ip = family == .ipv4 ? "ip" : "ip6"
    let type = family == .ipv4 ? "ipv4_addr" : "ipv6_addr"
    let addresses = RuleSetAddresses(family)
    return """
        table \(ip) fairlead {
          set cluster-ips { type \(type); elements = { \(addresses.cluster) } }
          set node-ips { type \(type); elements = { \(addresses.node) } }
          set pod-cidrs { type \(type); flags interval; elements = { \(addresses.pods) } }
          set hairpin { comment "pods that reach themselves";
         type \(type) . \(type); elements = { \(addresses.first) . \(addresses.first) } }
          set frontends-1 { type \(type) . inet_proto . inet_service; }
          set frontends-2 { type \(type) . inet_proto . inet_service; }
          set frontends-4 { type \(type) . inet_proto . inet_service; elements = { \(addresses.cluster) . tcp . 80 } }
          set nodeports { type inet_proto . inet_service; elements = { tcp . 30599 } }
          set nodeports-4 { type inet_proto . inet_service; elements = { tcp . 30599 } }
          map endpoints { typeof \(ip) daddr . meta l4proto . th dport . numgen random mod 2 : \(ip) daddr . th dport; elements = { \(addresses.cluster) . tcp . 80 . 0 : \(addresses.first) . 8080, \(addresses.cluster) . tcp . 80 . 3 : \(addresses.second) . 8080 } }
          map nodeport-endpoints { typeof meta l4proto . th dport . numgen random mod 2 : \(ip) daddr . th dport; elements = { tcp . 30599 . 0 : \(addresses.first) . 8080 } }
          chain pick-4 {
            dnat \(ip) to \(ip) daddr . meta l4proto . th dport . numgen random mod 4 map @endpoints
            dnat \(ip) to \(ip) daddr . meta l4proto . th dport . numgen random mod 4 map @endpoints
            dnat \(ip) to \(ip) daddr . meta l4proto . th dport . numgen random mod 2 map @endpoints
          }
          chain pick-nodeport-4 {
            dnat \(ip) to meta l4proto . th dport . numgen random mod 4 map @nodeport-endpoints
          }
          chain cluster-ip-services {
            \(ip) saddr != @pod-cidrs meta mark set meta mark | 0x4000
            \(ip) daddr . meta l4proto . th dport @frontends-4 jump pick-4
            dnat \(ip) to \(ip) daddr . meta l4proto . th dport . numgen random mod 1 map @endpoints
          }
          chain nodeport-services {
            meta mark set meta mark | 0x4000
            meta l4proto . th dport @nodeports-4 jump pick-nodeport-4
          }
          chain services {
            \(ip) daddr @cluster-ips goto cluster-ip-services
            \(ip) daddr @node-ips meta l4proto . th dport @nodeports goto nodeport-services
          }
          chain prerouting { type nat hook prerouting priority dstnat;
            jump services
          }
          chain output { type nat hook output priority -100;
            jump services
          }
          chain postrouting { type nat hook postrouting priority srcnat;
             meta mark & 0x4000 == 0x4000 meta mark set meta mark ^ 0x4000 masquerade fully-random
             ct status dnat \(ip) saddr . \(ip) daddr @hairpin masquerade fully-random
          }
          chain check-input { type filter hook input priority filter - 10;
            ct state new ct status & dnat == 0 \(ip) daddr @node-ips meta l4proto . th dport @nodeports reject comment "no endpoints"
          }
          chain check-forward { type filter hook forward priority filter - 10;
            ct state new \(ip) daddr @cluster-ips reject
          }
          chain check-output { type filter hook output priority -90;
            ct state new \(ip) daddr @cluster-ips reject
          }
        }
        """
}
