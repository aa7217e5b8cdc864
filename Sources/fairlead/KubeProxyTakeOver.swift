import Dataplane
import Logging
import Netlink

/// Takes a node over from kube-proxy: removes its rules once ours serve in their place.
struct KubeProxyTakeOver: Sendable {
    let logger: Logger

    /// To be called when everything is in the kernel. The network namespace is that of the process.
    func run() async {
        await withCheckedContinuation { continuation in
            do {
                // Thousands of rules take the kernel a while, for which no task should wait.
                _ = try NamedThread(name: "fairlead-takeover") {
                    removeTraces()
                    continuation.resume()
                }
            } catch {
                logger.error("kube-proxy's rules stay: \(error)")
                continuation.resume()
            }
        }
    }

    private func removeTraces() {
        do {
            let removed = try KubeProxyTraces.remove()
            if !removed.isEmpty {
                logger.notice("removed what kube-proxy had programmed: \(removed.items.joined(separator: "; "))")
            }
            for remark in removed.remarks { logger.warning("of kube-proxy's rules: \(remark)") }
        } catch {
            logger.error("kube-proxy's rules stay: \(error)")
        }
    }
}
