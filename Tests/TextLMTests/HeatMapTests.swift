import Foundation
import TextLM
import Testing

@Suite("Heat maps")
struct HeatMapTests {
  private func element(_ columns: [[Float]]) -> String {
    PlotPage.html(
      title: "page",
      [HeatMap(title: "read <1>", axisName: "step", rowName: "place", columns: columns)])
  }

  @Test("A cell for each number above nothing, as dark as it is great")
  func cells() {
    let page = element([[0, 1, 0.5], [2, .nan, -1]])
    #expect(page.components(separatedBy: "<rect").count == 4)
    for opacity in ["1.00", "0.50", "0.25"] { #expect(page.contains("opacity=\"\(opacity)\"")) }
    #expect(page.contains("read &lt;1&gt;") && !page.contains("<1>"))
    #expect(!element([]).contains("<rect") && !element([[0, 0]]).contains("<rect"))
  }

  @Test("Of very many, the greatest of neighbours is shown")
  func pooling() {
    var columns = [[Float]](repeating: [Float](repeating: 0, count: 400), count: 1000)
    columns[777][333] = 1
    let page = element(columns)
    #expect(page.components(separatedBy: "<rect").count == 2)
  }

  @Test("Names stand beside their cells, escaped, and make the picture as large as they need")
  func names() {
    let names = ["<", "a", "b"]
    var map = HeatMap(
      title: "t", axisName: "x", rowName: "y", columns: [[1, 0, 0], [1, 1, 0], [1, 1, 1]],
      columnNames: names, rowNames: names)
    let page = PlotPage.html(title: "page", [map])
    #expect(page.components(separatedBy: "class=\"cell\"").count == 7)
    #expect(page.components(separatedBy: ">&lt;</text>").count == 3)
    #expect(page.contains("viewBox=\"0 0 480 300\""))
    map.columnNames = []
    #expect(PlotPage.html(title: "page", [map]).components(separatedBy: "\"cell\"").count == 4)
    let many = (0..<100).map { "\($0)" }
    let large = HeatMap(
      title: "t", axisName: "x", rowName: "y",
      columns: [[Float]](repeating: [Float](repeating: 1, count: 100), count: 100),
      columnNames: many, rowNames: many)
    let wide = PlotPage.html(title: "page", [large])
    // On a phone it scrolls, and does not shrink.
    #expect(wide.contains("min-width:936px"))
    #expect(wide.contains("viewBox=\"0 0 936 954\"") && wide.contains("class=\"maps plots wide\""))
    #expect(wide.components(separatedBy: "class=\"cell\"").count == 201)
  }
}
