import CNI
import Net
import Netlink

/// Takes and releases addresses until it is killed, and says so before and after each call, on standard error, which nothing buffers:
///
///     +ID            takes
///     =ID ADDRESS…   has taken
///     -ID            releases
///     ~ID            has released
///
/// Arguments: the data directory, the prefix of its container ids, a seed, and the subnets, each a range set.
@main
enum Main {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count >= 4, let seed = UInt64(arguments[arguments.startIndex + 2]) else {
            StandardError.write("usage: address-store-driver DIRECTORY PREFIX SEED SUBNET…")
            return
        }
        var configuration = IPAMConfiguration()
        configuration.dataDirectory = arguments[arguments.startIndex]
        configuration.cooldownSeconds = 0
        configuration.ranges = try arguments.dropFirst(3).map { [.init(try IPPrefix($0))] }
        let store = try AddressStore(configuration, network: "storm")
        let prefix = arguments[arguments.startIndex + 1]
        var state = seed
        var held: [Attachment] = []
        for number in 0... {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            if held.count < 20, state >> 63 == 0 || held.isEmpty {
                let new = Attachment(network: "storm", containerID: "\(prefix)-\(number)", interfaceName: "eth0")
                StandardError.write("+\(new.containerID)")
                let reservation = try store.reserve(new)
                let addresses = reservation.addresses
                reservation.commit()
                StandardError.write(
                    "=" + ([new.containerID] + addresses.map { "\($0.address)" }).joined(separator: " "))
                held.append(new)
            } else {
                let old = held.remove(at: Int(state >> 33) % held.count)
                StandardError.write("-\(old.containerID)")
                try store.release(old)
                StandardError.write("~\(old.containerID)")
            }
        }
    }
}
