/// The first-level fields of the kinds of this package.
enum ObjectKey: String, CodingKey {
    case apiVersion, kind, metadata, spec, status, addressType, endpoints, ports
}

extension KubernetesObject {
    /// Opens an object to read its fields, and checks that it is of this kind. Items of a list carry neither
    /// `apiVersion` nor `kind`, so that absence is no error.
    static func open(_ decoder: any Decoder) throws -> KeyedDecodingContainer<ObjectKey> {
        let fields = try decoder.container(keyedBy: ObjectKey.self)
        try expect(resource.apiVersion, at: .apiVersion, in: fields)
        try expect(resource.kind, at: .kind, in: fields)
        return fields
    }

    private static func expect(
        _ expected: String, at key: ObjectKey, in fields: KeyedDecodingContainer<ObjectKey>
    ) throws {
        let found: String = try fields.value(key)
        guard found.isEmpty || found == expected else {
            throw FieldError(
                path: FieldPath(fields.codingPath + [key]),
                problem: "expected '\(expected)', found '\(found.quotable)'")
        }
    }

    /// Opens an object to write its fields, with `apiVersion`, `kind` and `metadata` written.
    func open(_ encoder: any Encoder) throws -> KeyedEncodingContainer<ObjectKey> {
        var fields = encoder.container(keyedBy: ObjectKey.self)
        try fields.encode(Self.resource.apiVersion, forKey: .apiVersion)
        try fields.encode(Self.resource.kind, forKey: .kind)
        try fields.encode(metadata, forKey: .metadata)
        return fields
    }
}
