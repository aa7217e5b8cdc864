import CNI

@main
enum Main {
    static func main() { }
}
