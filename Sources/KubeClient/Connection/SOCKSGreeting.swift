import Net

/// SOCKS 5 (RFC 1928), without authentication or with a user and a password (RFC 1929).
struct SOCKSGreeting: Sendable {
    private enum Phase {
        case method
        case login
        case request
    }

    private static let version: UInt8 = 5
    private static let loginVersion: UInt8 = 1
    private static let noLogin: UInt8 = 0
    private static let usernameAndPassword: UInt8 = 2

    let target: KubeServer
    let login: ProxyServer.Login?
    private var phase = Phase.method

    init(target: KubeServer, login: ProxyServer.Login?) {
        self.target = target
        self.login = login
    }

    var opening: [UInt8] {
        let methods = login == nil ? [Self.noLogin] : [Self.noLogin, Self.usernameAndPassword]
        return [Self.version, UInt8(methods.count)] + methods
    }

    mutating func answer(to received: inout [UInt8]) throws(ProxyGreeting.Refusal) -> ProxyGreeting.Step {
        guard received.count >= 2 else { return .wait }
        switch phase {
        case .method:
            guard received[0] == Self.version else { throw .malformed }
            let method = received[1]
            received.removeFirst(2)
            if method == Self.usernameAndPassword, let login {
                phase = .login
                return .send(
                    [Self.loginVersion] + Self.counted(Array(login.username.utf8)) + Self.counted(login.password.bytes))
            }
            guard method == Self.noLogin else { throw .wantsLogin }
            phase = .request
            return .send(request)
        case .login:
            guard received[1] == 0 else { throw .wantsLogin }
            received.removeFirst(2)
            phase = .request
            return .send(request)
        case .request: return try reply(&received)
        }
    }

    /// CONNECT to the server: an address as it is, a name for the proxy to resolve.
    private var request: [UInt8] {
        let address: [UInt8] =
            switch target.address {
            case let address? where address.family == .ipv4: [1] + address.bytes
            case let address?: [4] + address.bytes
            case nil: [3] + Self.counted(Array(target.host.utf8))
            }
        return [Self.version, 1, 0] + address + [UInt8(target.port >> 8 & 0xFF), UInt8(target.port & 0xFF)]
    }

    /// The reply ends with the address that the proxy uses itself, which may be of any kind.
    private func reply(_ received: inout [UInt8]) throws(ProxyGreeting.Refusal) -> ProxyGreeting.Step {
        guard received[0] == Self.version else { throw .malformed }
        guard received[1] == 0 else { throw .refused(Self.reason(received[1])) }
        guard received.count >= 5 else { return .wait }
        let length: Int
        switch received[3] {
        case 1: length = 4
        case 3: length = 1 + Int(received[4])
        case 4: length = 16
        default: throw .malformed
        }
        guard received.count >= 4 + length + 2 else { return .wait }
        received.removeFirst(4 + length + 2)
        return .connected
    }

    private static func counted(_ bytes: [UInt8]) -> [UInt8] { [UInt8(min(bytes.count, 255))] + bytes.prefix(255) }

    private static func reason(_ code: UInt8) -> String {
        switch code {
        case 2: "not allowed by its rules"
        case 3: "the network is unreachable"
        case 4: "no route to the host"
        case 5: "connection refused"
        case 6: "timed out"
        default: "SOCKS error \(code)"
        }
    }
}
