import APIMachinery
import KubeAPI

/// What becomes of an object when a manifest that declares it changes: what the manifest says counts, what it no longer
/// says goes, and what others have written stays. Lists are merged by the keys that their schema gives them, as a
/// server-side apply does (structured-merge-diff).
struct ThreeWayMerge {
    private let catalog: SchemaCatalog

    init(_ catalog: SchemaCatalog) { self.catalog = catalog }

    /// - Parameters:
    ///   - applied: what the manifest said before; nil for the first time.
    ///   - declared: what it says now; nil for nothing.
    ///   - live: what there is.
    func merged(applied: JSONValue?, declared: JSONValue?, live: JSONValue?, as schema: ObjectSchema) -> JSONValue? {
        object(applied, declared, live) { key in schema[key].map { Place(field: $0, catalog) } ?? Place() }
    }

    /// How the values of a place are merged.
    private struct Place {
        var type = FieldType.any
        var listKind = ListKind.atomic
        var isAtomic = true

        init() {}

        init(field: FieldSchema, _ catalog: SchemaCatalog) {
            type = field.type
            listKind = field.listKind
            isAtomic = field.isAtomic
            if case .object(let name) = type, let schema = catalog[name] { isAtomic = isAtomic || schema.isAtomic }
        }

        init(element type: FieldType, _ catalog: SchemaCatalog) {
            self.type = type
            isAtomic = if case .object(let name) = type { catalog[name]?.isAtomic ?? true } else { true }
        }
    }

    private func value(
        _ applied: JSONValue?, _ declared: JSONValue?, _ live: JSONValue?, at place: Place
    ) -> JSONValue? {
        if applied == nil, declared == nil { return live }
        switch place.type {
        case .object(let name) where !place.isAtomic && live?.object != nil:
            guard let schema = catalog[name] else { return declared }
            return merged(applied: applied, declared: declared, live: live, as: schema)
        case .map(let element) where !place.isAtomic && live?.object != nil:
            return object(applied, declared, live) { _ in Place(element: element, catalog) }
        case .list(let element) where live?.array != nil:
            switch place.listKind {
            case .atomic: return declared
            case .set: return set(applied, declared, live)
            case .map(let keys): return keyed(applied, declared, live, keys, Place(element: element, catalog))
            }
        default: return declared
        }
    }

    /// Nil where nothing is left of what the manifest no longer declares.
    private func object(
        _ applied: JSONValue?, _ declared: JSONValue?, _ live: JSONValue?, _ place: (String) -> Place
    ) -> JSONValue? {
        var result = live?.object ?? JSONObject()
        for key in Set((applied?.object?.keys ?? []) + (declared?.object?.keys ?? [])) {
            result[key] = value(applied?[key], declared?[key], result[key], at: place(key))
        }
        return result.isEmpty && declared == nil ? nil : .object(result)
    }

    private func set(_ applied: JSONValue?, _ declared: JSONValue?, _ live: JSONValue?) -> JSONValue? {
        let (applied, declared) = (applied?.array ?? [], declared?.array ?? [])
        var result = (live?.array ?? []).filter { declared.contains($0) || !applied.contains($0) }
        result += declared.filter { !result.contains($0) }
        return result.isEmpty ? nil : .array(result)
    }

    private func keyed(
        _ applied: JSONValue?, _ declared: JSONValue?, _ live: JSONValue?, _ keys: [String], _ place: Place
    ) -> JSONValue? {
        guard let before = Self.index(applied, keys), let now = Self.index(declared, keys),
            let there = Self.index(live, keys)
        else { return declared }
        var result: [JSONValue] = []
        for element in declared?.array ?? [] {
            let key = Self.key(of: element, keys)
            if let value = value(before[key], element, there[key], at: place) { result.append(value) }
        }
        for element in live?.array ?? [] {
            let key = Self.key(of: element, keys)
            if now[key] == nil, before[key] == nil { result.append(element) }
        }
        return result.isEmpty && declared == nil ? nil : .array(result)
    }

    /// The elements by their keys; nil where two have the same.
    private static func index(_ list: JSONValue?, _ keys: [String]) -> [[JSONValue]: JSONValue]? {
        let elements = list?.array ?? []
        let index = Dictionary(elements.map { (key(of: $0, keys), $0) }) { first, _ in first }
        return index.count == elements.count ? index : nil
    }

    /// TCP is the default of the only key that has one.
    private static func key(of element: JSONValue, _ keys: [String]) -> [JSONValue] {
        keys.map { element[$0] ?? ($0 == "protocol" ? "TCP" : .null) }
    }
}
