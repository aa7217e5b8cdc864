/// The executables that were built with the tests.
package enum BuiltProduct {
    /// Where the test program is, they are.
    package static func path(_ name: String) -> String {
        let program = CommandLine.arguments.first ?? ""
        return (program.lastIndex(of: "/").map { String(program[...$0]) } ?? "./") + name
    }
}
