import ArgumentParser
import KubeAPI
import KubeProxyConfig
import Net

/// A boolean in Go's texts (`strconv.ParseBool`).
struct GoBoolean: ExpressibleByArgument, Equatable {
    let value: Bool

    init?(argument: String) {
        switch argument {
        case "1", "t", "T", "TRUE", "true", "True": value = true
        case "0", "f", "F", "FALSE", "false", "False": value = false
        default: return nil
        }
    }
}

extension GoDuration: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}

/// An address, or nothing.
struct AddressText: ExpressibleByArgument, Equatable {
    let text: String

    init?(argument: String) {
        guard argument.isEmpty || KubeProxyConfiguration.isAddress(argument) else { return nil }
        text = argument
    }
}

/// An address with a port or without, or nothing.
struct ServingAddress: ExpressibleByArgument, Equatable {
    let text: String

    init?(argument: String) {
        guard argument.isEmpty || KubeProxyConfiguration.isAddress(argument) || BindAddress(argument) != nil
        else { return nil }
        text = argument
    }
}

/// `A=true,B=false` (k8s.io/component-base/cli/flag `MapStringBool`).
struct GateList: ExpressibleByArgument, Equatable {
    let gates: [String: Bool]

    init?(argument: String) {
        var gates: [String: Bool] = [:]
        for pair in argument.split(separator: ",") where !String(pair).trimmed.isEmpty {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, let flag = GoBoolean(argument: String(parts[1]).trimmed) else {
                return nil
            }
            gates[String(parts[0]).trimmed] = flag.value
        }
        self.gates = gates
    }
}

/// `file=2,other*=4` (k8s.io/component-base/logs/api/v1 `VModuleConfigurationPflag`).
struct VModuleList: ExpressibleByArgument, Equatable {
    let items: [LoggingConfiguration.VModule]

    init?(argument: String) {
        var items: [LoggingConfiguration.VModule] = []
        for pair in argument.split(separator: ",") {
            let parts = pair.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, let verbosity = UInt32(parts[1]) else { return nil }
            items.append(LoggingConfiguration.VModule(filePattern: String(parts[0]), verbosity: verbosity))
        }
        self.items = items
    }
}
