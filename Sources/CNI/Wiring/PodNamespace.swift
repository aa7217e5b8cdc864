import Netlink

/// The network namespace of a container, held open.
struct PodNamespace {
    let path: String
    private let namespace: NetworkNamespace

    /// Opens it.
    ///
    /// - Throws: `CNIError`: there is none at that path, or it is the node's own.
    init(path: String) throws(CNIError) {
        do throws(SystemError) {
            namespace = try NetworkNamespace(path: path)
            self.path = path
            guard try namespace.identity != NetworkNamespace.current().identity else {
                throw SystemError(errno: 0, operation: path)
            }
        } catch {
            if error.errno == 0 {
                throw CNIError(.badEnvironment, "network namespace \(path) is the node's own, not a container's")
            }
            throw CNIError(error.isAbsence ? .unknownContainer : .ioFailure, "\(error)")
        }
    }

    /// Runs `body` inside, on a thread of its own. Sockets that it makes stay inside.
    func run<Result: ~Copyable>(_ body: () throws(CNIError) -> Result) throws(CNIError) -> Result {
        do {
            return try namespace.run { () throws -> Result in try body() }
        } catch let error as CNIError {
            throw error
        } catch let error as SystemError where error.isUnfit {
            throw CNIError(.unknownContainer, "\(path) is no network namespace")
        } catch {
            throw CNIError(.ioFailure, "\(error)")
        }
    }

    /// Where a link shall be made.
    var target: NetworkNamespace { namespace }
}
