extension FixedWidthInteger {
    /// A constant of a C header in the width that a message field wants: named enumerations are imported as
    /// structures over `UInt32`, and the fields are 16 or 32 bits wide.
    init<Constant: RawRepresentable>(_ constant: Constant) where Constant.RawValue == UInt32 {
        self.init(constant.rawValue)
    }
}
