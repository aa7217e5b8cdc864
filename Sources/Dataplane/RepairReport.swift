import Net

/// What others had done to what we keep in the kernel, and what was done about it. For the log.
package struct RepairReport: Sendable, CustomStringConvertible {
    package enum Kind: String, Hashable, Sendable, CaseIterable, Comparable {
        case table, chain, set, rule, element

        package static func < (left: Kind, right: Kind) -> Bool {
            allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
        }
    }

    /// One sort of change.
    package struct Change: Hashable, Sendable, Comparable {
        package let kind: Kind
        /// Added or changed; else deleted.
        package let isThere: Bool

        package init(kind: Kind, isThere: Bool) {
            self.kind = kind
            self.isThere = isThere
        }

        package static func < (left: Change, right: Change) -> Bool {
            (left.kind, left.isThere ? 1 : 0) < (right.kind, right.isThere ? 1 : 0)
        }
    }

    /// "table ip fairlead".
    package var tables: [String]
    /// How many objects were added (or changed) and deleted, as the kernel told or as the verification found.
    package var changes: [Change: Int]
    /// Who did it, where the kernel said so: "nft (pid 123)".
    package var processes: [String]
    /// Objects written and deleted to repair it.
    package var repairedCount = 0
    /// All was written anew.
    package var isFull = false
    /// From the look at the news, or from the finding, to the kernel's acknowledgement.
    package var durationNanoseconds: UInt64 = 0
    /// What could not be deleted, and why; it does no harm.
    package var leftovers: [String] = []

    package init(tables: [String], changes: [Change: Int], processes: [String]) {
        self.tables = tables
        self.changes = changes
        self.processes = processes
    }

    package var description: String {
        let number = changes.sorted { $0.key < $1.key }.map { change, count in
            "\(count) \(change.kind.rawValue)\(count == 1 ? "" : "s") \(change.isThere ? "added or changed" : "deleted")"
        }
        let what = number.isEmpty ? "in an unknown way" : number.joined(separator: ", ")
        let who = processes.isEmpty ? "somebody else" : processes.joined(separator: ", ")
        let milliseconds = (durationNanoseconds + 999_999) / 1_000_000
        var text = "\(tables.joined(separator: ", ")) was changed by \(who): \(what); "
        text += "\(isFull ? "written anew" : "repaired") in \(milliseconds) ms"
        for leftover in leftovers { text += "; left: \(leftover)" }
        return text
    }
}

/// What a pass over all that is in the kernel found.
package struct VerificationReport: Hashable, Sendable {
    /// Elements that were compared.
    package var elements = 0
    /// Service ports they are of.
    package var servicePorts = 0
    /// Objects that were not as they should be; all are repaired.
    package var damaged = 0
    /// Pieces that could not be compared, as the kernel did not answer.
    package var skipped = 0
    /// The time that the sync thread spent on it, and the longest time without a look at what else there is to do.
    package var busyNanoseconds: UInt64 = 0
    package var longestSliceNanoseconds: UInt64 = 0

    package init() {}
}
