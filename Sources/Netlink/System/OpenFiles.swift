import Glibc

/// How many files and sockets this process may have open (getrlimit(2)).
package enum OpenFiles {
    /// Raises the limit to what the system allows at most; the usual 1024 is for programs that use select(2).
    ///
    /// - Returns: the limit that is there then.
    @discardableResult
    package static func raiseLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        let allowed = limit.rlim_max
        if limit.rlim_cur < allowed {
            let before = limit
            limit.rlim_cur = allowed
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) != 0 { limit = before }
        }
        return Int(clamping: limit.rlim_cur)
    }
}
