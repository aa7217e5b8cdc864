import KubeAPI

/// What is to be said about a configuration, with the fields that it is about.
struct Findings {
    /// Why it cannot be used.
    private(set) var errors: [FieldError] = []
    /// What has not the effect that it asks for.
    private(set) var warnings: [FieldError] = []
    /// What an operator may want to know.
    private(set) var notices: [FieldError] = []

    /// - Parameter field: Names with dots between them, and `[2]` after a list's.
    mutating func refuse(_ field: String, _ problem: String) { errors.append(Self.finding(field, problem)) }
    mutating func warn(_ field: String, _ problem: String) { warnings.append(Self.finding(field, problem)) }
    mutating func note(_ field: String, _ problem: String) { notices.append(Self.finding(field, problem)) }

    mutating func require(_ condition: Bool, _ field: String, _ problem: String) {
        if !condition { refuse(field, problem) }
    }

    private static func finding(_ field: String, _ problem: String) -> FieldError {
        var steps: [FieldPath.Step] = []
        for name in field.split(separator: ".") {
            let parts = name.split(separator: "[")
            if let field = parts.first { steps.append(.field(String(field))) }
            for index in parts.dropFirst() { steps += Int(index.dropLast()).map { [.index($0)] } ?? [] }
        }
        return FieldError(path: FieldPath(steps), problem: problem)
    }
}
