import CNI

/// One call of a container runtime.
@main
enum Main {
    static func main() { PluginProcess.serve() }
}
