import Glibc

/// What the test process may do.
package enum Privileges {
    package static var isRoot: Bool { geteuid() == 0 }
}
