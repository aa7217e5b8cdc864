import Crypto
import FoundationEssentials
import Netlink

/// The tokens of a file in kube-apiserver's format: `token,user,uid[,"group1,group2"]` in each line. Only their hashes are
/// kept: no look-up tells how much of a token was right, and no dump shows one.
package struct StaticTokens: Sendable {
    private static let limitBytes = 1 << 20

    private let users: [SHA256Digest: UserInfo]

    /// - Throws: `PKIError` where the file cannot be read, or a line has less than a token, a user and a uid.
    package init(path: String) throws(PKIError) {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try FileContents.read(path, limitBytes: Self.limitBytes)
        } catch {
            throw PKIError(file: path, problem: "cannot be read: \(error)")
        }
        var users: [SHA256Digest: UserInfo] = [:]
        for (number, line) in String(decoding: bytes, as: UTF8.self).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline
        ).enumerated() where !line.isEmpty {
            guard let fields = Self.fields(of: line) else {
                throw PKIError(file: path, problem: "line \(number + 1): a quotation mark is not closed")
            }
            guard fields.count >= 3 else {
                throw PKIError(
                    file: path,
                    problem: "line \(number + 1): must have at least 3 columns (token, user name, user uid), found "
                        + "\(fields.count)")
            }
            guard !fields[0].isEmpty else { continue }
            let groups = fields.count > 3 ? fields[3].split(separator: ",").map(String.init) : []
            users[Self.hash(fields[0])] = UserInfo(name: fields[1], uid: fields[2], groups: groups)
        }
        self.users = users
    }

    func user(of token: String) -> UserInfo? { users[Self.hash(token)] }

    private static func hash(_ token: String) -> SHA256Digest { SHA256.hash(data: Data(token.utf8)) }

    /// The fields of a line of CSV (RFC 4180, without line breaks in them); nil where a quotation mark is not closed.
    private static func fields(of line: Substring) -> [String]? {
        var fields = [""]
        var isQuoted = false
        var previousWasQuote = false
        for character in line {
            switch character {
            case "\"":
                // Two within quotation marks stand for one.
                if !isQuoted, previousWasQuote { fields[fields.count - 1].append("\"") }
                previousWasQuote = isQuoted
                isQuoted.toggle()
                continue
            case "," where !isQuoted: fields.append("")
            default: fields[fields.count - 1].append(character)
            }
            previousWasQuote = false
        }
        return isQuoted ? nil : fields
    }
}
