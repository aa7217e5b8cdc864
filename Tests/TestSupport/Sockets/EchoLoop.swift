import Net

/// The loop of an `EchoServer`'s thread: it owns the connections.
struct EchoLoop {
    let name: String
    let listeners: [Socket]
    let datagramSockets: [Socket]
    let wakeUp: WakeUp
    private var connections: [EchoConnection] = []

    /// More are closed at once: a test that leaks connections should see it.
    private static let connectionLimit = 1000

    init(name: String, listeners: [Socket], datagramSockets: [Socket], wakeUp: WakeUp) {
        self.name = name
        self.listeners = listeners
        self.datagramSockets = datagramSockets
        self.wakeUp = wakeUp
    }

    /// Serves until the wake-up comes.
    mutating func run() {
        while true {
            let sockets = listeners + datagramSockets + connections.map(\.socket)
            let ready = waitReady(
                readable: [wakeUp.descriptor] + sockets.map(\.descriptor), timeoutMilliseconds: -1)
            if ready.first == 0 { return }
            let firstConnection = 1 + listeners.count + datagramSockets.count
            // Connections first, while the indices still fit them.
            var ended: Set<Int> = []
            for index in ready where index >= firstConnection {
                if !connections[index - firstConnection].serve(name: name) { ended.insert(index - firstConnection) }
            }
            if !ended.isEmpty {
                connections = connections.enumerated().filter { !ended.contains($0.offset) }.map(\.element)
            }
            for index in ready where index < firstConnection {
                if index <= listeners.count {
                    accept(on: listeners[index - 1])
                } else {
                    answer(on: datagramSockets[index - 1 - listeners.count])
                }
            }
        }
    }

    private mutating func accept(on listener: Socket) {
        while let (socket, peer) = listener.accept() {
            if connections.count < Self.connectionLimit {
                connections.append(EchoConnection(socket: socket, client: peer.address))
            }
        }
    }

    private func answer(on socket: Socket) {
        while case .bytes(_, let sender?) = socket.receive() {
            socket.send(Array(Greeting(name: name, client: sender.address).text.utf8), to: sender)
        }
    }
}

/// One TCP connection of an `EchoServer`.
struct EchoConnection {
    let socket: Socket
    let client: IPAddress
    private var input: [UInt8] = []

    private static let inputLimitBytes = 16_384

    init(socket: Socket, client: IPAddress) {
        self.socket = socket
        self.client = client
    }

    /// Answers the whole requests that have come; false when the connection is at its end.
    mutating func serve(name: String) -> Bool {
        switch socket.receive() {
        case .none: return true
        case .end, .failed: return false
        case .bytes(let bytes, _): input += bytes
        }
        let greeting = Greeting(name: name, client: client).text
        while let request = EchoRequest(parsing: &input) {
            // An answer is far smaller than a socket's buffer: one that does not fit has a peer that reads nothing.
            if socket.send(Array(request.response(body: greeting).utf8)) != 0 || request.isLast { return false }
        }
        return input.count < Self.inputLimitBytes
    }
}
