/// What is logged and how (k8s.io/component-base/logs/api/v1 `LoggingConfiguration`).
package struct LoggingConfiguration: Sendable, Equatable {
    /// `text` or `json`.
    package var format = ""
    package var flushFrequency = FlushFrequency()
    /// klog's: 0 for the most important lines, 4 for details, more for everything.
    package var verbosity: UInt32 = 0
    package var vmodule: [VModule] = []
    package var options = FormatOptions()

    package init() {}

    /// A time between two flushes.
    package struct FlushFrequency: Sendable, Equatable {
        package var duration = GoDuration.zero

        package init(_ duration: GoDuration = .zero) { self.duration = duration }
    }

    /// The verbosity of files whose names match a pattern.
    package struct VModule: Sendable, Equatable {
        package var filePattern: String
        package var verbosity: UInt32

        package init(filePattern: String, verbosity: UInt32) {
            self.filePattern = filePattern
            self.verbosity = verbosity
        }
    }

    package struct FormatOptions: Sendable, Equatable {
        package var text = OutputRouting()
        package var json = OutputRouting()
    }

    package struct OutputRouting: Sendable, Equatable {
        package var splitStream = false
        package var infoBufferSize = ByteQuantity()
    }

    /// A quantity such as `64Ki`, as its text.
    package struct ByteQuantity: Sendable, Equatable {
        package var text: String

        package init(_ text: String = "0") { self.text = text }

        package var isZero: Bool { text == "0" || text.isEmpty }
    }
}

extension LoggingConfiguration: ConfigurationSection {
    mutating func exchange(_ fields: inout FieldExchange) {
        fields.field("format", &format, isWritten: !format.isEmpty)
        fields.field("flushFrequency", &flushFrequency)
        fields.field("verbosity", &verbosity)
        fields.field("vmodule", &vmodule, isWritten: !vmodule.isEmpty)
        fields.section("options", &options)
    }
}

extension LoggingConfiguration.FormatOptions: ConfigurationSection {
    mutating func exchange(_ fields: inout FieldExchange) {
        fields.section("text", &text)
        fields.section("json", &json)
    }
}

extension LoggingConfiguration.OutputRouting: ConfigurationSection {
    mutating func exchange(_ fields: inout FieldExchange) {
        fields.field("splitStream", &splitStream, isWritten: splitStream)
        fields.field("infoBufferSize", &infoBufferSize)
    }
}

extension LoggingConfiguration.FlushFrequency: ConfigurationField {
    static var expectation: String { "a duration such as '5s', or nanoseconds" }

    init?(_ value: ConfigurationValue) {
        switch value {
        case .integer(let number): self.init(GoDuration(nanoseconds: number))
        default:
            guard let duration = GoDuration(value) else { return nil }
            self.init(duration)
        }
    }

    var configurationValue: ConfigurationValue { duration.configurationValue }
}

extension LoggingConfiguration.ByteQuantity: ConfigurationField {
    static var expectation: String { "a quantity such as '64Ki'" }

    init?(_ value: ConfigurationValue) {
        switch value {
        case .integer(let number): self.init("\(number)")
        case .string(let text):
            guard Self.isQuantity(text) else { return nil }
            self.init(text)
        default: return nil
        }
    }

    var configurationValue: ConfigurationValue { .string(text) }

    /// Digits, and one of the suffixes of k8s.io/apimachinery/pkg/api/resource that make a number larger.
    private static func isQuantity(_ text: String) -> Bool {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let suffixes = ["", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]
        return !digits.isEmpty && suffixes.contains(String(text.dropFirst(digits.count)))
    }
}

extension LoggingConfiguration.VModule: ConfigurationField {
    static var expectation: String { "an object with 'filePattern' and 'verbosity'" }

    init?(_ value: ConfigurationValue) {
        guard case .object(let fields) = value, let pattern = String(fields["filePattern"] ?? .string("")),
            let verbosity = UInt32(fields["verbosity"] ?? .integer(0))
        else { return nil }
        self.init(filePattern: pattern, verbosity: verbosity)
    }

    var configurationValue: ConfigurationValue {
        .object(["filePattern": filePattern.configurationValue, "verbosity": verbosity.configurationValue])
    }
}
