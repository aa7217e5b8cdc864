/// What a field of the API holds.
package indirect enum FieldType: Sendable, Hashable {
    case string
    case boolean
    /// A whole number of 32 or 64 bits.
    case integer(bits: Int)
    case number
    /// `IntOrString`.
    case integerOrString
    /// `Quantity`: `100m`, `1Gi`, or a number.
    case quantity
    /// RFC 3339, to the second.
    case time
    /// RFC 3339, to the microsecond.
    case microTime
    /// base64.
    case bytes
    /// Anything (`RawExtension`, `FieldsV1`).
    case any
    /// An object of the named schema: `io.k8s.api.core.v1.PodSpec`.
    case object(String)
    case list(FieldType)
    /// An object whose keys are data.
    case map(FieldType)
}

/// How the entries of a list are told apart when two parties write it (`x-kubernetes-list-type`).
package enum ListKind: Sendable, Hashable {
    case atomic
    case set
    case map(keys: [String])
}

/// How a strategic merge patch treats a field (`x-kubernetes-patch-strategy`, `x-kubernetes-patch-merge-key`).
package struct PatchStrategy: Sendable, Hashable {
    /// `merge`: the entries are merged, not replaced.
    package var merges: Bool
    /// `retainKeys`: of what is there, only what the patch names stays.
    package var retainsKeys: Bool
    /// `replace`: an object that is replaced as a whole.
    package var replaces: Bool
    /// What tells the entries of a merged list apart; nil for lists of scalars.
    package var mergeKey: String?

    package init(
        merges: Bool = false, retainsKeys: Bool = false, replaces: Bool = false, mergeKey: String? = nil
    ) {
        self.merges = merges
        self.retainsKeys = retainsKeys
        self.replaces = replaces
        self.mergeKey = mergeKey
    }
}

/// Where a field stands in the protobuf form of its object.
package struct ProtobufNumber: Sendable, Hashable {
    /// As upstream's `generated.proto` has it.
    package let number: Int
    /// The field that holds the message which holds this one: what Go embeds is a message of its own in protobuf, while
    /// JSON has its fields beside those of the object. nil for a field of the object itself.
    package let outer: Int?

    package init(_ number: Int, in outer: Int? = nil) {
        self.number = number
        self.outer = outer
    }
}

/// A field of an object of the API. A class, as it is handed out for every field of every object that is written.
package final class FieldSchema: Sendable {
    package let name: String
    package let type: FieldType
    package let isRequired: Bool
    /// Of a list; `atomic` where upstream says nothing.
    package let listKind: ListKind
    /// An object or a map that is owned as a whole (`x-kubernetes-map-type: atomic`).
    package let isAtomic: Bool
    package let patchStrategy: PatchStrategy
    /// Whether `0`, `false`, `""` and an empty list or map say something else than nothing (in Go a pointer, or a field
    /// without `omitempty`). Where they do not, they are dropped.
    package let keepsZero: Bool
    /// What stands for the field where it is left out (`default`); nil where upstream's schema names nothing.
    package let defaultText: String?
    /// The type as Go's errors name it, where it does not follow from `type`: `v1.Protocol`.
    package let goType: String?
    /// nil for what protobuf says beside the object: `apiVersion` and `kind`.
    package let protobuf: ProtobufNumber?
    /// For people; empty where there is none.
    package let documentation: String

    package init(
        name: String, type: FieldType, isRequired: Bool = false, listKind: ListKind = .atomic, isAtomic: Bool = false,
        patchStrategy: PatchStrategy = PatchStrategy(), keepsZero: Bool = false, defaultText: String? = nil,
        goType: String? = nil, protobuf: ProtobufNumber? = nil, documentation: String = ""
    ) {
        self.name = name
        self.type = type
        self.isRequired = isRequired
        self.listKind = listKind
        self.isAtomic = isAtomic
        self.patchStrategy = patchStrategy
        self.keepsZero = keepsZero
        self.defaultText = defaultText
        self.goType = goType
        self.protobuf = protobuf
        self.documentation = documentation
    }
}

/// The fields of a kind of object, or of a part of one.
package final class ObjectSchema: Sendable {
    /// As upstream's OpenAPI names it: `io.k8s.api.core.v1.Service`.
    package let name: String
    package let documentation: String
    /// Whether the object is owned as a whole, wherever it stands (`x-kubernetes-map-type: atomic`).
    package let isAtomic: Bool
    /// In the order of their names.
    package let fields: [FieldSchema]
    /// The names of the fields that upstream's objects have even where nothing was said of them.
    let impliedFields: Set<String>

    package init(name: String, documentation: String = "", isAtomic: Bool = false, fields: [FieldSchema]) {
        self.name = name
        self.documentation = documentation
        self.isAtomic = isAtomic
        self.fields = fields.sorted { $0.name < $1.name }
        impliedFields = Self.impliedFields(of: name, fields)
    }

    package subscript(field: String) -> FieldSchema? {
        var low = 0
        var high = fields.count
        while low < high {
            let middle = (low + high) / 2
            if fields[middle].name < field { low = middle + 1 } else { high = middle }
        }
        return low < fields.count && fields[low].name == field ? fields[low] : nil
    }
}

/// All schemas of the API that is served.
package struct SchemaCatalog: Sendable {
    package let schemas: [String: ObjectSchema]
    /// The names of the schemas of kinds.
    package let kinds: [GroupVersionKind: String]

    package init(schemas: [ObjectSchema], kinds: [GroupVersionKind: String]) {
        self.schemas = Dictionary(schemas.map { ($0.name, $0) }) { $1 }
        self.kinds = kinds
    }

    package subscript(name: String) -> ObjectSchema? { schemas[name] }

    /// The schema of a kind; nil where it is not served.
    package func schema(of kind: GroupVersionKind) -> ObjectSchema? { kinds[kind].flatMap { schemas[$0] } }
}

/// What `apiVersion` and `kind` say.
package struct GroupVersionKind: Sendable, Hashable {
    /// Empty for the core group.
    package let group: String
    package let version: String
    package let kind: String

    package init(group: String, version: String, kind: String) {
        self.group = group
        self.version = version
        self.kind = kind
    }
}

extension FieldType {
    /// The schema that the type leads to, through lists and maps; nil for scalars.
    package var schemaName: String? {
        switch self {
        case .object(let name): name
        case .list(let element), .map(let element): element.schemaName
        default: nil
        }
    }
}
