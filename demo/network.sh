# The demo's network, in namespaces of its own. Sourced by demo/run, which sets `prefix` and removes the namespaces.
#
#   control (the control plane) ──┐
#                                 lan (a bridge, 192.168.50.0/24) ──┬── node-1 ── pods, 10.244.1.0/24
#   client ───────────────────────┘                                 └── node-2 ── pods, 10.244.2.0/24
#
# fairlead-cni wires the pods, to a bridge on each node; the nodes route each other's pod networks.

# Runs a command in a namespace.
at() { # NAMESPACE COMMAND…
    ip netns exec "$prefix-$1" "${@:2}"
}

add_namespace() { # NAMESPACE
    ip netns add "$prefix-$1"
    namespaces+=("$1")
    ip -n "$prefix-$1" link set lo up
    # A new namespace takes these over from the host's.
    at "$1" sh -c 'echo 0 > /proc/sys/net/ipv4/conf/all/rp_filter; echo 0 > /proc/sys/net/ipv4/conf/default/rp_filter'
    # A server that closes first keeps the connection's addresses for a minute. Of thousands of masqueraded connections
    # some then come from a port that is still kept, and lose their first SYN: that is not what is shown here.
    at "$1" sh -c 'echo 0 > /proc/sys/net/ipv4/tcp_max_tw_buckets'
    # Link-local addresses too can be used at once: while one is being checked for duplicates, its link asks for no
    # neighbour.
    at "$1" sh -c 'echo 0 > /proc/sys/net/ipv6/conf/all/accept_dad; echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad'
}

add_lan() {
    add_namespace lan
    ip -n "$prefix-lan" link add br0 type bridge
    ip -n "$prefix-lan" addr add 192.168.50.1/24 dev br0
    ip -n "$prefix-lan" addr add fd00:192:168:50::1/64 dev br0 nodad
    ip -n "$prefix-lan" link set br0 up
}

add_host() { # NAMESPACE LAST-PART-OF-ITS-ADDRESSES
    add_namespace "$1"
    ip -n "$prefix-$1" link add eth0 type veth peer name "$1" netns "$prefix-lan"
    ip -n "$prefix-lan" link set "$1" master br0 up
    ip -n "$prefix-$1" addr add "192.168.50.$2/24" dev eth0
    ip -n "$prefix-$1" addr add "fd00:192:168:50::$2/64" dev eth0 nodad
    ip -n "$prefix-$1" link set eth0 up
    ip -n "$prefix-$1" route add default via 192.168.50.1
    ip -n "$prefix-$1" route add default via fd00:192:168:50::1
}

add_node() { # NUMBER
    add_host "node-$1" "1$1"
    at "node-$1" sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding'
}

route_pods() { # NODE NODE: the pod networks of the second, from the first
    ip -n "$prefix-node-$1" route add "10.244.$2.0/24" via "192.168.50.1$2"
    ip -n "$prefix-node-$1" route add "fd00:10:244:$2::/64" via "fd00:192:168:50::1$2"
}
