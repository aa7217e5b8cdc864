import FoundationEssentials
import Net

/// What is said to a proxy until it has connected to a server: pure, bytes in and bytes out.
enum ProxyGreeting: Sendable {
    enum Step: Equatable, Sendable {
        /// The answer is not all there yet.
        case wait
        case send([UInt8])
        /// Whatever follows is between us and the server.
        case connected
    }

    /// Why there is no connection.
    enum Refusal: Error, Equatable, Sendable, CustomStringConvertible {
        case wantsLogin
        /// With the proxy's reason.
        case refused(String)
        case malformed

        var description: String {
            switch self {
            case .wantsLogin: "the proxy wants a user and a password, or others"
            case .refused(let reason): "the proxy refused the connection: \(reason)"
            case .malformed: "what should be a proxy answers with something else"
            }
        }
    }

    case connect(ConnectGreeting)
    case socks(SOCKSGreeting)

    init(_ proxy: ProxyServer, target: KubeServer) {
        switch proxy.scheme {
        case .http, .https: self = .connect(ConnectGreeting(target: target, login: proxy.login))
        case .socks5: self = .socks(SOCKSGreeting(target: target, login: proxy.login))
        }
    }

    /// What is said first.
    var opening: [UInt8] {
        switch self {
        case .connect(let greeting): greeting.opening
        case .socks(let greeting): greeting.opening
        }
    }

    /// - Parameter received: all that has come and was not taken yet; what is understood is taken away.
    mutating func answer(to received: inout [UInt8]) throws(Refusal) -> Step {
        switch self {
        case .connect(let greeting): return try greeting.answer(to: &received)
        case .socks(var greeting):
            let step = try greeting.answer(to: &received)
            self = .socks(greeting)
            return step
        }
    }
}

/// HTTP's CONNECT (RFC 9110, 9.3.6).
struct ConnectGreeting: Sendable {
    /// The most bytes of an answer's head.
    private static let limitBytes = 16 << 10

    let target: KubeServer
    let login: ProxyServer.Login?

    var opening: [UInt8] {
        var head = "CONNECT \(target.authority) HTTP/1.1\r\nHost: \(target.authority)\r\n"
        if let login {
            let text = Data(Array(login.username.utf8) + [UInt8(ascii: ":")] + login.password.bytes)
            head += "Proxy-Authorization: Basic \(text.base64EncodedString())\r\n"
        }
        return Array("\(head)\r\n".utf8)
    }

    func answer(to received: inout [UInt8]) throws(ProxyGreeting.Refusal) -> ProxyGreeting.Step {
        guard let end = received.endOfHead else {
            guard received.count < Self.limitBytes else { throw .malformed }
            return .wait
        }
        let status = received.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
        let words = String(decoding: status, as: UTF8.self).split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].hasPrefix("HTTP/1."), words[1].utf8.count >= 3,
            let code = Int(words[1].prefix(3)), code >= 100
        else { throw .malformed }
        received.removeFirst(end)
        switch code {
        case 100..<200: return try answer(to: &received)
        case 200..<300: return .connected
        case 407: throw .wantsLogin
        default: throw .refused(String(words[1]).quotable)
        }
    }
}

extension [UInt8] {
    /// How many bytes there are up to the end of the first empty line.
    fileprivate var endOfHead: Int? {
        let (carriageReturn, lineFeed) = (UInt8(ascii: "\r"), UInt8(ascii: "\n"))
        for index in indices.dropFirst() where self[index] == lineFeed {
            if self[index - 1] == lineFeed { return index + 1 }
            if index >= 2, self[index - 1] == carriageReturn, self[index - 2] == lineFeed { return index + 1 }
        }
        return nil
    }
}
