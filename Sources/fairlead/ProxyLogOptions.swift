import ArgumentParser
import KubeProxyConfig
import Logging

/// What is logged, in klog's words. These count with `--config`, too, before what the file says.
struct ProxyLogOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How much is logged: 2 for what happens, 4 for each commit, 6 for everything. (default: 0)",
            valueName: "verbosity"))
    var v: UInt32?

    @Option(
        help: ArgumentHelp(
            "The least important lines to log, in place of --v: trace, debug, info, notice, warning, error or critical.",
            valueName: "level"))
    var logLevel: Logger.Level?

    @Option(help: ArgumentHelp("'text', or 'json': one object a line. (default: text)", valueName: "format"))
    var loggingFormat: String?

    @Option(name: .customLong("vmodule"), help: .hidden) var vmodule: [VModuleList] = []
    @Option(name: .customLong("log-flush-frequency"), help: .hidden) var flushFrequency: GoDuration?
    @Option(name: .customLong("log-text-split-stream"), help: .hidden) var textSplitStream: GoBoolean?
    @Option(name: .customLong("log-text-info-buffer-size"), help: .hidden) var textInfoBufferSize: String?
    @Option(name: .customLong("log-json-split-stream"), help: .hidden) var jsonSplitStream: GoBoolean?
    @Option(name: .customLong("log-json-info-buffer-size"), help: .hidden) var jsonInfoBufferSize: String?

    func apply(to flags: inout ProxyFlags) {
        flags.take("v", v) { $0.logging.verbosity = $1 }
        flags.take("logging-format", loggingFormat) { $0.logging.format = $1 }
        // The first that matches counts, so flags come before the file.
        flags.take("vmodule", vmodule) { $0.logging.vmodule = $1.flatMap(\.items) + $0.logging.vmodule }
        flags.take("log-flush-frequency", flushFrequency) { $0.logging.flushFrequency.duration = $1 }
        flags.take("log-text-split-stream", textSplitStream) { $0.logging.options.text.splitStream = $1.value }
        flags.take("log-text-info-buffer-size", textInfoBufferSize) { $0.logging.options.text.infoBufferSize.text = $1 }
        flags.take("log-json-split-stream", jsonSplitStream) { $0.logging.options.json.splitStream = $1.value }
        flags.take("log-json-info-buffer-size", jsonInfoBufferSize) { $0.logging.options.json.infoBufferSize.text = $1 }
    }
}
