import Foundation
import FoundationXML
import TextLM
import Testing

@Suite("plots")
struct PlotTests {
  private func plot(_ series: Plot.Series...) -> Plot {
    Plot(title: "Loss", axisName: "steps", series: series)
  }

  private func line(_ name: String = "a", _ values: Double...) -> Plot.Series {
    Plot.Series(
      name: name,
      points: values.enumerated().map { PlotPoint(Double($0.offset), $0.element) })
  }

  @Test("a horizontal line lies on one row, where its value is labelled")
  func screen() {
    // One value is in the middle of its axis, 1 ± a tenth: of 16 dots the ninth from above, which
    // is the highest in the third row. 25 columns are 50 dots from 0 to 2.
    #expect(
      TextPlot(columns: 30, rows: 4).text(plot(line("a", 1, 1, 1))) == """
        Loss
        1.1 ┤
            │
        1.0 ┤⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉
        0.9 ┤
            └┬───────────┬───────────┬
             0           1       steps
             ⠒⠒ a

        """)
  }

  @Test("ticks of a logarithmic axis are labelled in units of their own size")
  func logarithmicLabels() {
    var norms = plot(line("a", 0.5, 3, 5e11))
    norms.mayBeLogarithmic = true
    let text = TextPlot(columns: 60, rows: 24).text(norms)
    #expect(text.contains("100G") && text.contains("10k") && !text.contains("0G ┤\n0G"))
    #expect(!text.split(separator: "\n").contains { $0.hasPrefix("  0G") || $0.hasPrefix(" 0G") })
  }

  @Test("a rising line leaves each row further to the left than the one below")
  func rise() {
    let rows = TextPlot(columns: 60, rows: 10).text(plot(line("a", 0, 1))).split(separator: "\n")
    let starts = rows[1...10].map { row in
      Array(row).firstIndex { ("\u{2801}"..."\u{28FF}").contains($0) } ?? -1
    }
    #expect(starts.allSatisfy { $0 > 0 })
    #expect(zip(starts, starts.dropFirst()).allSatisfy { $0 > $1 }, "\(starts)")
  }

  @Test(
    "never wider than asked, whatever the values",
    arguments: [
      [1e-9, 2e-9], [1e9, 3e12], [-5, 5], [0, 0], [1, 1 + 1e-15], [1e300, -1e300], [.nan, .nan],
      [.leastNonzeroMagnitude, .leastNormalMagnitude],
    ])
  func widths(values: [Double]) {
    let points = values.enumerated().map { PlotPoint(Double($0.offset) * 1e6, $0.element) }
    let series = Plot.Series(name: "run", points: points, marks: .everywhere)
    for columns in [0, 30, 61, 200] {
      for isLogarithmic in [false, true] {
        let plot = Plot(
          title: "Loss", axisName: "steps", series: [series], mayBeLogarithmic: isLogarithmic)
        let text = TextPlot(columns: columns, rows: 8).text(plot)
        for line in text.split(separator: "\n") { #expect(line.count <= max(30, columns)) }
        #expect(XMLParser(data: Data(SVGPlot().document(plot).utf8)).parse())
      }
    }
  }

  @Test("the steep beginning of a long curve may leave the frame, nothing else may")
  func beginning() {
    let series = Plot.Series(
      name: "a",
      points: (0..<100).map { PlotPoint(Double($0), $0 < 4 ? 100 : 1 + Double($0) / 100) })
    var plot = plot(series)
    #expect(TextPlot().text(plot).contains("100 ┤"))
    plot.mayCutBeginning = true
    let text = TextPlot().text(plot)
    #expect(!text.contains("100 ┤") && text.contains("1.8 ┤"))
  }

  @Test("colours only where they are wanted; curves differ without them")
  func colors() {
    var series = [line("one", 1, 2), line("two", 2, 1)]
    for index in series.indices { series[index].marks = .everywhere }
    let plain = TextPlot().text(plot(series[0], series[1]))
    #expect(plain.contains("●") && plain.contains("○") && !plain.contains("\u{1B}"))
    let colored = TextPlot(isColored: true).text(plot(series[0], series[1]))
    #expect(colored.contains("\u{1B}[36m●\u{1B}[0m"))
  }

  @Test("hostile names are shown and not obeyed")
  func hostile() {
    let name = "a\u{1B}[2J<script>alert('&\"')</script>\u{202E}]]>\u{FFFE}"
    let plot = plot(line(name, 1, 2))
    #expect(!TextPlot().text(plot).unicodeScalars.contains("\u{1B}"))
    let svg = SVGPlot().document(plot)
    #expect(XMLParser(data: Data(svg.utf8)).parse())
    for part in ["<script", "\u{1B}", "\u{202E}"] { #expect(!svg.contains(part)) }
    let page = PlotPage.html(title: name, [plot])
    for part in ["<script", "\u{1B}", "\u{202E}", "http://", "https://", "url(", "src="] {
      #expect(!page.contains(part), "\(part)")
    }
  }

  @Test("an SVG has each point where its value is")
  func places() throws {
    var series = line("a", 1, 3, 2)
    series.marks = .everywhere
    let svg = SVGPlot(width: 480, height: 300).document(plot(series))
    let centers = svg.matches(of: /cx="([0-9.]+)" cy="([0-9.]+)"/).compactMap { match in
      Double(match.1).flatMap { x in Double(match.2).map { (x, $0) } }
    }
    try #require(centers.count == 3)
    #expect(centers[0].0 < centers[1].0 && centers[1].0 < centers[2].0)
    #expect(centers[1].1 < centers[2].1 && centers[2].1 < centers[0].1)
    // The value in the middle is half way, up to the tenth of a pixel that is written.
    #expect(abs(centers[2].1 - (centers[0].1 + centers[1].1) / 2) < 0.11)
  }
}
