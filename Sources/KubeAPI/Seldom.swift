/// Fields that are seldom set, kept in one heap object that exists only while one of them is set, so that a value
/// without them pays eight bytes.
struct Seldom<Fields: Sendable & Equatable>: Sendable, Equatable where Fields: EmptyInitializable {
    private final class Storage: Sendable {
        let fields: Fields
        init(_ fields: Fields) { self.fields = fields }
    }

    private var storage: Storage?

    /// The fields; setting them makes a new heap object, so that copies never see it.
    var fields: Fields {
        get { storage?.fields ?? Fields() }
        set { storage = newValue == Fields() ? nil : Storage(newValue) }
    }

    /// One of the fields, nil where none is set: the others are not copied.
    func value<Value>(_ field: (borrowing Fields) -> Value?) -> Value? { storage.flatMap { field($0.fields) } }

    static func == (left: Seldom, right: Seldom) -> Bool {
        left.storage === right.storage || left.fields == right.fields
    }
}

/// A set of fields of which none is set at first.
protocol EmptyInitializable {
    init()
}
