import TextLM
import TextLMTestSupport
import Testing

@Suite("Where a model looked")
struct MemoryViewTests {
  @Test("Attention is over the characters themselves, and adds up to one")
  func transformer() throws {
    let model = try TestModel("transformer", steps: 2).model
    let view = try model.memoryView(UTF8Text("the sea\nwas"), tokenLimit: 6)
    #expect(view.tokens == ["", "t", "h", "e", " ", "s", "e"])
    #expect(view.maps.map(\.name).contains("attention layer 2 head 1"))
    for (map, picture) in zip(view.maps, view.heatMaps) {
      #expect(map.weights.shape.dimensions == [7, 7])
      for (step, column) in picture.columns.enumerated() {
        expectClose(Double(column.reduce(0, +)), 1, tolerance: 1e-5, "\(map.name) \(step)")
        #expect(column[(step + 1)...].allSatisfy { $0 == 0 })
      }
      #expect(picture.rowNames == ["·", "t", "h", "e", "␣", "s", "e"])
      #expect(picture.columnNames == picture.rowNames)
    }
  }

  @Test("A memory has slots")
  func memory() throws {
    let model = try TestModel("ntm", steps: 2).model
    let view = try model.memoryView(UTF8Text("the sea was"), tokenLimit: 100)
    #expect(view.tokens.count == 12 && !view.maps.isEmpty)
    #expect(view.heatMaps.allSatisfy { $0.rowName == "slot" && $0.rowNames.isEmpty })
    #expect(view.heatMaps.allSatisfy { $0.columns.count == 12 })
  }

  @Test("A model without is told what has one")
  func refusal() throws {
    let model = try TestModel(steps: 2).model
    let names = ["transformer", "attention-lstm", "memn2n", "kv-memory", "ntm", "dnc", "mann"]
    #expect(throws: SeeingError.noMemory(architecture: "lstm", others: names)) {
      try model.memoryView(UTF8Text("a"), tokenLimit: 9)
    }
  }

  @Test("A picture in characters, the greatest of neighbours where there is little room")
  func drawing() throws {
    let map = HeatMap(
      title: "read\u{1B}", axisName: "step", rowName: "slot",
      columns: [[1, 0, 0.5], [0.04, 0.1, 0.3], [.nan, 0.7, -1]], columnNames: ["a", "b", "\n"])
    #expect(
      try TextHeatMap(columns: 20, rows: 4).text(map) == """
        read␛: step to the right, slot downwards
          ab␊
        │ █
        │  ·▓
        │ ▒░

        """)
    var large = HeatMap(
      title: "", axisName: "", rowName: "",
      columns: [[Float]](repeating: [Float](repeating: 0, count: 100), count: 500))
    large.columns[499][99] = 1
    let lines = try TextHeatMap(columns: 30, rows: 5).text(large).split(separator: "\n").dropFirst()
    #expect(lines.count == 5 && lines.allSatisfy { $0.count <= 30 })
    #expect(lines.last?.last == "█" && lines.joined().count { $0 == "█" } == 1)
  }
}
