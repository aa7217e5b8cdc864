import KubeAPI

/// A part of the configuration that is an object in the file.
protocol ConfigurationSection {
    /// Names each field once, for reading and for writing.
    mutating func exchange(_ fields: inout FieldExchange)
}

/// Moves fields between an object of the file and a section. Every problem is kept, so that all are told at once.
struct FieldExchange {
    /// Nil while writing.
    private let source: [String: ConfigurationValue]?
    private let path: FieldPath
    private var names: Set<String> = []
    /// What has been written.
    private(set) var target: [String: ConfigurationValue] = [:]
    /// Fields of a wrong type.
    private(set) var errors: [FieldError] = []
    /// Fields that nothing has asked for.
    private(set) var unknown: [FieldError] = []

    /// Reads from an object that stands at `path`.
    init(reading source: [String: ConfigurationValue], at path: FieldPath = FieldPath()) {
        self.source = source
        self.path = path
    }

    /// Writes.
    init() {
        source = nil
        path = FieldPath()
    }

    /// A field; absent and null leave its value as it is. Without `isWritten` it is left out where it is written.
    mutating func field<Value: ConfigurationField>(_ name: String, _ value: inout Value, isWritten: Bool = true) {
        names.insert(name)
        guard let source else {
            if isWritten { target[name] = value.configurationValue }
            return
        }
        guard let found = source[name], found != .null else { return }
        if let read = Value(found) {
            value = read
        } else {
            report(name, "expected \(Value.expectation), found \(found.found)")
        }
    }

    /// A field that is an object of fields.
    mutating func section(_ name: String, _ value: inout some ConfigurationSection) {
        names.insert(name)
        guard let source else {
            var inner = FieldExchange()
            value.exchange(&inner)
            target[name] = .object(inner.target)
            return
        }
        switch source[name] {
        case nil, .null: return
        case .object(let fields):
            var inner = FieldExchange(reading: fields, at: path + FieldPath([.field(name)]))
            value.exchange(&inner)
            inner.finish()
            errors += inner.errors
            unknown += inner.unknown
        case .some(let found): report(name, "expected an object, found \(found.found)")
        }
    }

    /// Takes a field as known.
    mutating func skip(_ name: String) { names.insert(name) }

    /// Finds what was never asked for; upstream's names are case-sensitive.
    mutating func finish() {
        for name in (source ?? [:]).keys.sorted() where !names.contains(name) {
            let near = names.first { $0.lowercased() == name.lowercased() }
            let hint = near.map { " (did you mean '\($0)'?)" } ?? ""
            unknown.append(FieldError(path: path + FieldPath([.field(name)]), problem: "unknown field" + hint))
        }
    }

    private mutating func report(_ name: String, _ problem: String) {
        errors.append(FieldError(path: path + FieldPath([.field(name)]), problem: problem))
    }
}
