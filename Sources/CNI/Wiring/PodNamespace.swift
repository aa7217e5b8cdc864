import Netlink

/// The network namespace of a container, held open: whatever comes to its path meanwhile, it is this one.
package struct PodNamespace {
    package let path: String
    private let namespace: NetworkNamespace

    /// Opens it.
    ///
    /// - Throws: `CNIError` with `unknownContainer` when it is gone: nothing was made then, and nothing is to be cleaned up; with
    ///   `badEnvironment` for what is no network namespace, and for the one of the calling thread.
    package init(path: String) throws(CNIError) {
        self.path = path
        let own: NetworkNamespace
        do throws(SystemError) {
            (namespace, own) = (try NetworkNamespace(path: path), try NetworkNamespace.current())
        } catch {
            guard error.isAbsence else {
                throw CNIError(.badEnvironment, "network namespace \(path)", details: error.description)
            }
            throw CNIError(.unknownContainer, "there is no network namespace \(path)")
        }
        guard namespace.identity.device == own.identity.device else {
            throw CNIError(.badEnvironment, "\(path) is no network namespace")
        }
        guard namespace.identity != own.identity else {
            throw CNIError(.badEnvironment, "network namespace \(path) is the node's own, not a container's")
        }
    }

    /// Runs `body` inside. Sockets that it makes stay inside.
    func run<Result: ~Copyable>(_ body: () throws(CNIError) -> Result) throws(CNIError) -> Result {
        do {
            return try namespace.enter { () throws -> Result in try body() }
        } catch let error as CNIError {
            throw error
        } catch let error as SystemError where error.isUnfit {
            throw CNIError(.badEnvironment, "\(path) is no network namespace")
        } catch {
            throw CNIError(.ioFailure, "\(error)")
        }
    }

    /// Where a link shall be made.
    var target: NetworkNamespace { namespace }
}
