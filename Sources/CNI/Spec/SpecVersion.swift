/// The versions of the CNI specification that are spoken.
package enum SpecVersion: String, Sendable, Hashable, CaseIterable, Comparable {
    case v0_3_1 = "0.3.1"
    case v0_4_0 = "0.4.0"
    case v1_0_0 = "1.0.0"
    case v1_1_0 = "1.1.0"

    package static let latest = SpecVersion.v1_1_0

    /// From `cniVersion`.
    ///
    /// - Throws: `CNIError` with `incompatibleVersion` for another version. A configuration without one means 0.1.0.
    package init(_ text: String?) throws(CNIError) {
        guard let version = SpecVersion(rawValue: text ?? "0.1.0") else {
            let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw CNIError(
                .incompatibleVersion, "cniVersion \(text.map { "\"\($0)\"" } ?? "is not given, which means 0.1.0")",
                details: "the versions that are spoken are \(known)")
        }
        self = version
    }

    package static func < (left: SpecVersion, right: SpecVersion) -> Bool { left.rawValue < right.rawValue }

    /// What VERSION answers (CNI specification 1.1, "VERSION Success").
    ///
    /// - Parameter asked: `cniVersion` of the input, which is given back.
    package static func answer(asked: String?) -> JSONNode {
        .object([
            "cniVersion": .string(asked ?? latest.rawValue),
            "supportedVersions": .array(allCases.map { .string($0.rawValue) }),
        ])
    }
}
