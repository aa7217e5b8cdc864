/// A target as `Package.swift` declares it.
struct DeclaredTarget: Sendable {
    enum Kind: String, Sendable {
        case target, executableTarget, testTarget, systemLibrary
    }

    let kind: Kind
    let name: String
    /// The names of targets and of products of other packages; a product's module has its name.
    let dependencies: Set<String>
    /// From the root, with a slash at its end.
    let path: String

    /// Every target of `Package.swift`, read as text: a test cannot run SwiftPM.
    static func all(in manifest: String) -> [DeclaredTarget] {
        let code = manifest.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.drop(while: \.isWhitespace).hasPrefix("//") }
            .joined(separator: "\n")
        // let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
        var shared: [String: String] = [:]
        for match in code.matches(of: #/let\s+(\w+)\s*:\s*Target\.Dependency\s*=\s*\.product\(\s*name:\s*"([^"]+)"/#) {
            shared[String(match.1)] = String(match.2)
        }
        let declaration = #/\.(target|executableTarget|testTarget|systemLibrary)\(\s*name:\s*"([^"]+)"/#
        return code.matches(of: declaration).compactMap { match in
            guard let kind = Kind(rawValue: String(match.1)) else { return nil }
            let name = String(match.2)
            let body = balanced(code[match.range.lowerBound...], open: "(", close: ")")
            let path = body.firstMatch(of: #/path:\s*"([^"]+)"/#).map { String($0.1) }
            let folder = path ?? (kind == .testTarget ? "Tests/" : "Sources/") + name
            return DeclaredTarget(
                kind: kind, name: name, dependencies: dependencies(in: body, shared: shared), path: folder + "/")
        }
    }

    private static func dependencies(in body: Substring, shared: [String: String]) -> Set<String> {
        guard let label = body.firstMatch(of: #/dependencies:\s*/#) else { return [] }
        var list = String(balanced(body[label.range.upperBound...], open: "[", close: "]"))
        var names: Set<String> = []
        let product = #/\.product\(\s*name:\s*"([^"]+)"[^)]*\)/#
        for match in list.matches(of: product) { names.insert(String(match.1)) }
        list.replace(product, with: "")
        for match in list.matches(of: #/"([^"]+)"/#) { names.insert(String(match.1)) }
        list.replace(#/"[^"]*"/#, with: "")
        for match in list.matches(of: #/[A-Za-z]\w*/#) { names.insert(shared[String(match.0)] ?? String(match.0)) }
        return names
    }

    /// From the first `open` in `text` to the `close` that belongs to it.
    private static func balanced(_ text: Substring, open: Character, close: Character) -> Substring {
        var depth = 0
        guard let start = text.firstIndex(of: open) else { return "" }
        for index in text[start...].indices {
            if text[index] == open { depth += 1 }
            if text[index] == close { depth -= 1 }
            if depth == 0 { return text[start...index] }
        }
        return text[start...]
    }
}
