import Netlink
import TestSupport
import Testing

extension Trait where Self == ConditionTrait {
    /// The kernel has what limits are made of; Debian's has it as modules, which the test loads no more than the plugin does.
    static var kernelLimits: Self {
        .enabled(if: KernelLimits.areThere, "this kernel lacks ifb, sch_tbf, sch_ingress, cls_u32 or act_mirred")
    }
}

private enum KernelLimits {
    static let areThere: Bool = {
        let commands = [
            "ip link add probe0 type ifb", "tc qdisc add dev lo root tbf rate 1mbit burst 10kb latency 25ms",
            "tc qdisc add dev lo ingress",
            "tc filter add dev lo parent ffff: protocol all u32 match u32 0 0 action mirred egress redirect dev probe0",
        ]
        guard Privileges.isRoot, let namespace = try? NetworkNamespace.create() else { return false }
        return commands.allSatisfy { command in
            (try? Tool.run(command.split(separator: " ").map(String.init), in: namespace)) != nil
        }
    }()
}
