import KubeAPI
import Testing

@testable import APIMachinery

/// An object from its JSON text.
func object(_ json: String) throws -> Unstructured { try Unstructured(json: Array(json.utf8)) }

extension KindTable {
    /// A row of the table; a test fails where there is none.
    static func row(_ word: String) throws -> KindRules { try #require(KindTable.kubernetes.row(word: word)) }
}

extension KindRules {
    /// What becomes of an object that is written: defaults, then what the server keeps and drops.
    func written(_ json: String, over old: Unstructured? = nil) throws -> Unstructured {
        var object = try object(json)
        setDefaults(&object)
        prepare(&object, old)
        return object
    }

    /// What is said against a new object, after its defaults.
    func complaints(_ json: String, over old: String? = nil) throws -> [String] {
        var object = try object(json)
        setDefaults(&object)
        guard let old else {
            prepare(&object, nil)
            return failures(object, nil).map(\.description)
        }
        let before = try written(old)
        prepare(&object, before)
        return failures(object, before).map(\.description)
    }

    /// The cells of an object's row, as far as a priority.
    func cells(_ json: String, priority: Int = 1, now: Timestamp = Timestamp("2030-01-01T00:00:00Z") ?? .now) throws
        -> [String]
    {
        let object = try object(json)
        return columns.filter { $0.priority <= priority }.map { column in
            let cell = column.cell(object, now)
            return cell.string ?? String(decoding: cell.json, as: UTF8.self)
        }
    }
}

extension Unstructured {
    /// The JSON text of a value at a path of fields: `spec.template.spec`; empty for none.
    func text(_ path: String) -> String {
        guard let value = self[path.split(separator: ".").map { String($0) }] else { return "" }
        return String(decoding: value.json, as: UTF8.self)
    }
}
