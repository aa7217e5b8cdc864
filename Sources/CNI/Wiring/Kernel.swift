import Netlink

/// The kernel's refusals in the words of CNI.
enum Kernel {
    /// Asks through netlink.
    static func ask<Answer: ~Copyable>(_ question: () throws(NetlinkError) -> Answer) throws(CNIError) -> Answer {
        do throws(NetlinkError) { return try question() } catch { throw CNIError(.kernelRefused, "\(error)") }
    }

    /// Sets a kernel parameter of the calling thread's network namespace, if it has another value.
    ///
    /// - Parameter isOptional: A kernel without the parameter (without IPv6, that is) will do.
    static func set(_ name: String, _ value: String, isOptional: Bool = false) throws(CNIError) {
        try setting(isOptional) { () throws(SystemError) in
            if try Sysctl.read(name) != value { try Sysctl.write(name, value) }
        }
    }

    /// As `set`, of a link that has just been made: looking at what there is would take as long as writing.
    static func write(_ name: String, _ value: String, isOptional: Bool = false) throws(CNIError) {
        try setting(isOptional) { () throws(SystemError) in try Sysctl.write(name, value) }
    }

    private static func setting(_ isOptional: Bool, _ body: () throws(SystemError) -> Void) throws(CNIError) {
        do throws(SystemError) { try body() } catch {
            if isOptional && error.isAbsence { return }
            throw CNIError(.ioFailure, "\(error)")
        }
    }
}
