import FoundationEssentials

/// Reads small files: kubeconfigs, tokens, certificates.
enum LocalFile {
    /// Far above any kubeconfig or bundle of certificates.
    static let maximumByteCount = 16 << 20

    /// Why a file was not read.
    struct Failure: Error, CustomStringConvertible {
        let path: String
        let problem: String
        var isMissing = false

        var description: String { "\(path): \(problem)" }
    }

    /// The bytes of a regular file. A mounted Secret's files are symbolic links, which are followed.
    static func bytes(of path: String) throws(Failure) -> [UInt8] {
        do {
            let file = URL(filePath: path).resolvingSymlinksInPath()
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path(percentEncoded: false))
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw Failure(path: path, problem: "not a regular file")
            }
            guard attributes[.size] as? UInt64 ?? 0 <= UInt64(maximumByteCount) else {
                throw Failure(path: path, problem: "larger than \(maximumByteCount >> 20) MiB")
            }
            return Array(try Data(contentsOf: file))
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(path: path, error)
        }
    }

    /// The text of a file. Throws `Failure` also where it is not UTF-8.
    static func text(of path: String) throws(Failure) -> String {
        guard let text = String(validating: try bytes(of: path), as: UTF8.self) else {
            throw Failure(path: path, problem: "not UTF-8 text")
        }
        return text
    }
}

extension LocalFile.Failure {
    fileprivate init(path: String, _ error: any Error) {
        switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile?, .fileNoSuchFile?: self.init(path: path, problem: "no such file", isMissing: true)
        case .fileReadNoPermission?: self.init(path: path, problem: "permission denied")
        case let code?: self.init(path: path, problem: "cannot be read (Cocoa error \(code.rawValue))")
        case nil: self.init(path: path, problem: "cannot be read")
        }
    }
}
