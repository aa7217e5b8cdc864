import CLinux
import Glibc

/// What the kernel (or a system call on the way to it) refused, and for which object.
///
/// The description is one line: "set element 10.96.0.1 . tcp . 80 of ip fairlead frontends-4: File exists (EEXIST)".
package struct NetlinkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The `errno` value, such as `EEXIST`.
    package let errno: Int32
    /// The kernel's own words from the extended acknowledgement, when it had any.
    package let kernelMessage: String?
    /// The object that failed, for people: "chain ip fairlead services".
    package let object: String
    /// The nf_tables table that the object is in, or is.
    package let table: NFTTable?
    /// The nf_tables set that the object is, or is an element of.
    package let setName: String?
    /// The key of the set element that failed.
    package let elementKey: NFTData?
    /// Where the failing request stands among those sent together, from 0; nil when the whole failed.
    package let requestIndex: Int?

    init(
        errno: Int32, kernelMessage: String? = nil, object: String, table: NFTTable? = nil, setName: String? = nil,
        elementKey: NFTData? = nil, requestIndex: Int? = nil
    ) {
        self.errno = errno
        self.kernelMessage = kernelMessage
        self.object = object
        self.table = table
        self.setName = setName
        self.elementKey = elementKey
        self.requestIndex = requestIndex
    }

    /// The failure of the system call that has just returned -1.
    static func lastCall(_ call: String) -> NetlinkError { NetlinkError(errno: Glibc.errno, object: call) }

    /// The kernel refused this object for what it is, rather than for want of memory, buffers or rights, or because a set
    /// is full.
    package var isAboutTheObject: Bool { ![ENOMEM, ENOBUFS, EPERM, EACCES, EINTR, EAGAIN, ENFILE].contains(errno) }

    /// The kernel does not know the kind of link, discipline, filter or action that it was asked for.
    package var isUnknownKind: Bool { [ENOENT, EOPNOTSUPP, ENOSYS].contains(errno) }

    package var description: String {
        let text = "\(object): \(SystemError.text(errno))"
        if errno == EPERM && kernelMessage == nil { return "\(text): it takes CAP_NET_ADMIN in this network namespace" }
        return kernelMessage.map { "\(text): \($0)" } ?? text
    }
}
