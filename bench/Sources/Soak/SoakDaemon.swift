import ArgumentParser
import BenchReport
import Dataplane
import FoundationEssentials
import KubeAPI
import Logging
import Net
import Netlink
import Proxy
import TestSupport

/// What one line to the daemon of a soak says: a letter, and what belongs to it.
enum SoakLine {
    case service(KubeAPI.Service)
    case endpointSlice(EndpointSlice)
    case deletedService(KubeAPI.Service)
    case deletedSlice(EndpointSlice)
    /// All objects there are have been sent.
    case synced
    /// Answer with this number once everything is in the kernel.
    case settle(Int)

    var bytes: [UInt8] {
        get throws {
            switch self {
            case .service(let service): try [UInt8(ascii: "S")] + JSON.encode(service)
            case .endpointSlice(let slice): try [UInt8(ascii: "E")] + JSON.encode(slice)
            case .deletedService(let service): try [UInt8(ascii: "s")] + JSON.encode(service)
            case .deletedSlice(let slice): try [UInt8(ascii: "e")] + JSON.encode(slice)
            case .synced: [UInt8(ascii: "Y")]
            case .settle(let number): Array("W\(number)".utf8)
            }
        }
    }

    init(_ line: ArraySlice<UInt8>) throws {
        let rest = Data(line.dropFirst())
        switch line.first {
        case UInt8(ascii: "S"): self = .service(try JSON.decode(from: rest))
        case UInt8(ascii: "E"): self = .endpointSlice(try JSON.decode(from: rest))
        case UInt8(ascii: "s"): self = .deletedService(try JSON.decode(from: rest))
        case UInt8(ascii: "e"): self = .deletedSlice(try JSON.decode(from: rest))
        case UInt8(ascii: "Y"): self = .synced
        case UInt8(ascii: "W"):
            guard let number = Int(String(decoding: rest, as: UTF8.self)) else { fallthrough }
            self = .settle(number)
        default: throw BenchmarkError(description: "no such line: \(String(decoding: line.prefix(80), as: UTF8.self))")
        }
    }
}

/// The daemon of a soak: the proxy and its sync thread, as `fairlead up` runs them, with objects from standard input.
struct SoakDaemon: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "soak-daemon", shouldDisplay: false)

    @Option var nodeIP: [String]

    func run() throws {
        let lock = try InstanceLock(name: "fairlead")
        var logger = Logger(label: "soak")
        logger.logLevel = .error
        let proxy = ServiceProxy(
            configuration: SoakCluster.proxyConfiguration(nodeIPs: try nodeIP.map { try IPAddress($0) }), logger: logger
        )
        for failure in ConntrackSettings(invalidPackets: SoakCluster.dataplane.invalidPackets).apply() {
            logger.error("\(failure)")
        }
        let flows = try FlowKeeper.start(SoakCluster.dataplane) { [logger] failure in logger.error("\(failure)") }
        let sync = try SyncThread.start(source: proxy, backend: NFTBackend(SoakCluster.dataplane), flows: flows)
        proxy.connect { sync.wake() }
        try readStandardInput { line in
            switch try SoakLine(line) {
            case .service(let service): proxy.submit(.service(.modified(service)))
            case .endpointSlice(let slice): proxy.submit(.endpointSlice(.modified(slice)))
            case .deletedService(let service): proxy.submit(.service(.deleted(service)))
            case .deletedSlice(let slice): proxy.submit(.endpointSlice(.deleted(slice)))
            case .synced:
                proxy.submit(.synced(.service))
                proxy.submit(.synced(.endpointSlice))
            case .settle(let number):
                sync.waitUntilSettled()
                Output.printLine("settled \(number)")
            }
        }
        sync.stop()
        flows.stop()
        withExtendedLifetime(lock) {}
    }
}
