import Glibc

extension NetlinkError {
    /// The object is not there (any more): for a removal that is as good as done.
    package var isAbsence: Bool { [ENODEV, ENOENT, ESRCH, EADDRNOTAVAIL, ENXIO].contains(errno) }

    /// Something of that name or key is there already.
    package var isExistence: Bool { errno == EEXIST }

    /// A list changed while the kernel wrote it, each time that it was asked for.
    package var isChange: Bool { errno == EAGAIN }
}

extension SystemError {
    /// The file or process is not there (any more).
    package var isAbsence: Bool { [ENOENT, ESRCH, ENOTDIR].contains(errno) }

    /// The file is there, and is something else than was expected.
    package var isUnfit: Bool { errno == EINVAL }
}
