/// Lines over two axes, one a subject.
package struct Plot: Sendable {
    package struct Line: Sendable {
        package let name: String
        package let points: [(x: Double, y: Double)]

        package init(_ name: String, _ points: [(x: Double, y: Double)]) { (self.name, self.points) = (name, points) }
    }

    package var title: String
    package var xTitle: String
    package var yTitle: String
    package var lines: [Line]
    package var isXLogarithmic = false
    package var isYLogarithmic = false

    package init(_ title: String, x xTitle: String, y yTitle: String, lines: [Line]) {
        (self.title, self.xTitle, self.yTitle, self.lines) = (title, xTitle, yTitle, lines)
    }

    /// - Throws: `BenchmarkError` where there is no point to draw.
    package func svg() throws(BenchmarkError) -> String {
        var drawing = SVGDrawing(width: 720, height: 400)
        let (left, right, top, bottom) = (70.0, 700.0, 50.0, 330.0)
        let points = lines.flatMap(\.points)
        guard let xAxis = PlotAxis(points.map(\.x), logarithmic: isXLogarithmic, from: left, to: right),
            let yAxis = PlotAxis(points.map(\.y), logarithmic: isYLogarithmic, from: bottom, to: top)
        else { throw BenchmarkError(description: "\(title): nothing to draw") }
        drawing.text(left, 24, title, size: 15)
        for mark in yAxis.marks {
            guard let y = yAxis.place(mark) else { continue }
            drawing.line(left, y, right, y)
            drawing.text(left - 6, y + 4, mark.tableText, anchor: .end)
        }
        for mark in xAxis.marks {
            guard let x = xAxis.place(mark) else { continue }
            drawing.line(x, bottom, x, bottom + 5, color: "#57606a")
            drawing.text(x, bottom + 20, mark.tableText, anchor: .middle)
        }
        drawing.line(left, bottom, right, bottom, color: "#57606a")
        drawing.text((left + right) / 2, bottom + 40, xTitle, anchor: .middle)
        drawing.text(left, top - 10, yTitle)
        for (index, line) in lines.enumerated() {
            let color = SVGDrawing.colors[index % SVGDrawing.colors.count]
            let places = line.points.compactMap { point -> (x: Double, y: Double)? in
                guard let x = xAxis.place(point.x), let y = yAxis.place(point.y) else { return nil }
                return (x, y)
            }
            drawing.polyline(places, color: color)
            for place in places where places.count < 40 { drawing.dot(place.x, place.y, color: color) }
            let x = left + Double(index % 4) * 160
            let y = 390 - Double(index / 4) * 14
            drawing.dot(x, y - 4, color: color)
            drawing.text(x + 8, y, line.name)
        }
        return drawing.document
    }
}
