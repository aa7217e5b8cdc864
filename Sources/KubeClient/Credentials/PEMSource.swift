/// Where certificates or a key in PEM come from.
package enum PEMSource: Sendable, Hashable {
    /// In the configuration itself.
    case data(Secret)
    /// In a file, which is read again when it may have changed.
    case file(String)

    /// The PEM text as it is now.
    func read() throws(LocalFile.Failure) -> [UInt8] {
        switch self {
        case .data(let data): data.bytes
        case .file(let path): try LocalFile.bytes(of: path)
        }
    }

    /// For errors: the path, or what the data is called.
    var name: String {
        switch self {
        case .data: "the data"
        case .file(let path): path
        }
    }
}
