import Glibc

/// A regular expression of POSIX's extended kind (regex(7)).
package struct ExtendedRegularExpression: ~Copyable {
    private var compiled: regex_t

    /// Nil for what is none.
    package init?(_ pattern: String) {
        var compiled = regex_t()
        guard regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB) == 0 else { return nil }
        self.compiled = compiled
    }

    deinit {
        var compiled = compiled
        regfree(&compiled)
    }

    /// Whether it matches some part of a text.
    package func matches(_ text: String) -> Bool {
        var compiled = compiled
        return regexec(&compiled, text, 0, nil, 0) == 0
    }
}
