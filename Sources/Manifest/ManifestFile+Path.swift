import FoundationEssentials

extension ManifestFile {
    /// Reads and loads a file; that it cannot be read is one of `errors`.
    package init(path: String) { self.init(name: path, text: Self.read(path)) }

    private static func read(_ path: String) -> Result<String, Refusal> {
        do {
            // A mounted ConfigMap's files are symbolic links.
            let file = URL(filePath: path).resolvingSymlinksInPath()
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path(percentEncoded: false))
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                return .failure(Refusal(problem: "not a regular file"))
            }
            let byteCount = attributes[.size] as? UInt64 ?? 0
            guard byteCount <= UInt64(maximumByteCount) else { return .failure(.tooLarge) }
            guard let text = String(validating: try Data(contentsOf: file), as: UTF8.self) else {
                return .failure(Refusal(problem: "not UTF-8 text"))
            }
            return .success(text)
        } catch {
            return .failure(Refusal(problem: "cannot be read: \(cause(of: error))"))
        }
    }

    private static func cause(of error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile?, .fileNoSuchFile?: "no such file"
        case .fileReadNoPermission?: "permission denied"
        default: "\(error)"
        }
    }
}
