/// Why there is no result.
package struct BenchmarkError: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
}
