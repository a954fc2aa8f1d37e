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
}
