/// Shapes and words of a picture, as text.
struct SVGDrawing {
    static let colors = ["#1f6feb", "#d1242f", "#2da44e", "#9a6700", "#8250df", "#57606a"]

    let width: Double
    let height: Double
    private var shapes: [String] = []

    init(width: Double, height: Double) { (self.width, self.height) = (width, height) }

    private static func number(_ value: Double) -> String { value.text(decimals: 1) }

    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, color: String = "#d0d7de") {
        let ends =
            "x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" x2=\"\(Self.number(x2))\" y2=\"\(Self.number(y2))\""
        shapes.append("<line \(ends) stroke=\"\(color)\"/>")
    }

    mutating func polyline(_ points: [(x: Double, y: Double)], color: String) {
        let places = points.map { "\(Self.number($0.x)),\(Self.number($0.y))" }.joined(separator: " ")
        shapes.append("<polyline points=\"\(places)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"2\"/>")
    }

    mutating func dot(_ x: Double, _ y: Double, color: String) {
        shapes.append("<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"3\" fill=\"\(color)\"/>")
    }

    enum Anchor: String { case start, middle, end }

    mutating func text(_ x: Double, _ y: Double, _ words: String, anchor: Anchor = .start, size: Int = 12) {
        let place =
            "x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" text-anchor=\"\(anchor.rawValue)\" font-size=\"\(size)\""
        shapes.append("<text \(place)>\(Self.escaped(words))</text>")
    }

    /// A whole document, on white.
    var document: String {
        let (w, h) = (Self.number(width), Self.number(height))
        let head =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(w) \(h)\" width=\"\(w)\" height=\"\(h)\" "
            + "font-family=\"sans-serif\">"
        let back = "<rect width=\"\(w)\" height=\"\(h)\" fill=\"white\"/>"
        return ([head, back] + shapes + ["</svg>"]).joined(separator: "\n") + "\n"
    }
}
