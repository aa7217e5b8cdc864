import Glibc

/// Counts what a piece of work allocates, in a process that glibc's libc_malloc_debug.so.0 was loaded into before (`LD_PRELOAD`) and whose
/// variable `MALLOC_TRACE` names a file: mtrace(3).
package enum AllocationTrace {
    package struct Unavailable: Error, CustomStringConvertible {
        package let description =
            "allocations are not traced: LD_PRELOAD=libc_malloc_debug.so.0 and MALLOC_TRACE are needed"
    }

    /// The work's blocks that malloc(3), calloc(3) and the like gave; what other threads take meanwhile counts, too.
    package static func count(_ work: () throws -> Void) throws -> Int {
        guard let name = getenv("MALLOC_TRACE"), let begin = function("mtrace"), let end = function("muntrace") else {
            throw Unavailable()
        }
        begin()
        do {
            defer { end() }
            try work()
        }
        guard let file = fopen(name, "r") else { throw Unavailable() }
        defer { fclose(file) }
        // "@ place + address size": a block; "<" and ">": one that is made larger, of before and of after.
        var (line, size) = (UnsafeMutablePointer<CChar>?.none, 0)
        defer { free(line) }
        var count = 0
        while getline(&line, &size, file) > 0 {
            guard let line else { continue }
            if String(cString: line).split(separator: " ").dropFirst().contains(where: { $0 == "+" || $0 == ">" }) {
                count += 1
            }
        }
        guard count > 0 else { throw Unavailable() }
        return count
    }

    /// Of the library that was loaded before: libc's own of that name do nothing. Their version is hidden, so that it must be named:
    /// the first of glibc on x86-64 and on arm64.
    private static func function(_ name: String) -> (@convention(c) () -> Void)? {
        guard let library = dlopen("libc_malloc_debug.so.0", RTLD_LAZY | RTLD_NOLOAD) else { return nil }
        let symbol = dlvsym(library, name, "GLIBC_2.2.5") ?? dlvsym(library, name, "GLIBC_2.17")
        return symbol.map { unsafeBitCast($0, to: (@convention(c) () -> Void).self) }
    }
}
