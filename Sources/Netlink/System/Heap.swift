import CLinux

/// The process's heap.
package enum Heap {
    /// Keeps what all threads allocate in one arena (mallopt(3), `M_ARENA_MAX`): what one thread reads and another one keeps or
    /// drops would be scattered over as many as there are threads. To be called before there are any.
    package static func keepInOneArena() { _ = mallopt(M_ARENA_MAX, 1) }

    /// Gives back to the system what is free (malloc_trim(3)): milliseconds.
    package static func trim() { _ = malloc_trim(0) }
}
