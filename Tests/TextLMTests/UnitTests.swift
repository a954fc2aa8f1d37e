import TextLM
import TextLMTestSupport
import Testing

@Suite("Units and what they follow")
struct UnitTests {
  @Test(
    "features at each byte",
    arguments: [
      ("quotes", "a \"bc\" d", "00111000"),
      ("quotes", "x“é”y", "0111110000"),
      ("quotes", "„a“ «b»", "1111000011100"),
      ("quotes", "\"a\n\nb", "11100"),
      ("line-length", "ab\nc", "1201"),
      ("word-start", "it's 日本", "10010111000"),
      ("a+b?", "xaabab a", "01111101"),
      ("a.*", "ba\na", "0101"),
      ("x*", "aax", "001"),
    ] as [(String, String, String)])
  func features(name: String, text: String, expected: String) throws {
    let values = try UnitFeature(name).values(of: UTF8Text(text))
    #expect(values.map { "\(Int($0))" }.joined() == expected)
    #expect(UnitFeature(name).description == name)
  }

  @Test("A regular expression that cannot be read is an error")
  func badPattern() {
    #expect(throws: ConstraintError.self) { try UnitFeature("(").values(of: UTF8Text("a")) }
  }

  /// r of 1, 2, 4 with 0, 0, 1: covariance 5/9, variances 14/9 and 2/9, so 5/√28.
  @Test("Pearson's correlation, far from zero too", arguments: [Float(0), 1e4])
  func correlation(offset: Float) {
    var sums = UnitSums(size: 3)
    for (value, feature) in [(1, 0), (2, 0), (4, 1)] as [(Float, Float)] {
      sums.add([value + offset, -value, 7], feature)
    }
    expectClose(sums.correlation(of: 0), 5 / 28.0.squareRoot(), tolerance: 1e-9, "r")
    expectClose(sums.correlation(of: 1), -5 / 28.0.squareRoot(), tolerance: 1e-9, "−r")
    #expect(sums.correlation(of: 2) == 0 && sums.deviation(of: 2) == 0)
    expectClose(sums.deviation(of: 0), (14.0 / 9).squareRoot(), tolerance: 1e-9, "deviation")
  }

  @Test("names of units")
  func names() {
    #expect(UnitName("cell1.17") == UnitName(layer: "cell1", index: 17))
    #expect(UnitName("a.b.0")?.description == "a.b.0")
    for text in ["", "output", ".3", "output.", "output.-1", "output.x"] {
      #expect(UnitName(text) == nil, "\(text)")
    }
  }

  @Test("Every architecture has its output, and recurrent ones their states by name")
  func layers() throws {
    let text = UTF8Text("the sea was calm.\nno one came")
    for (name, expected) in [
      ("lstm", ["output", "hidden1", "cell1", "hidden2", "cell2"]),
      ("gru", ["output", "hidden1", "hidden2"]), ("transformer", ["output"]),
    ] {
      let model = try TestModel(name, steps: 2).model
      let survey = try model.unitSurvey(text, finding: .lineLength)
      #expect(survey.layers.map(\.name) == expected, "\(name)")
      #expect(survey.tokenCount == 29)
      #expect(survey.findings.count == survey.layers.reduce(0) { $0 + $1.size })
      let weights = survey.findings.map { abs($0.correlation ?? 0) }
      #expect(weights == weights.sorted(by: >) && weights[0] > 0 && weights[0] <= 1 + 1e-9)
      // What the survey says of a unit is what its values give.
      let best = survey.findings[0]
      let values = try model.activations(of: best.unit, in: text).places.map(\.value)
      var sums = UnitSums(size: 1)
      for (value, length) in zip(values, try UnitFeature.lineLength.values(of: text)) {
        sums.add([value], length)
      }
      expectClose(sums.correlation(of: 0), best.correlation ?? 0, tolerance: 1e-9, "\(name)")
      let varied = try model.unitSurvey(text).findings
      #expect(varied[0].correlation == nil && varied[0].deviation >= varied[1].deviation)
    }
  }

  @Test("A label is followed over texts that are each read from the start")
  func label() throws {
    let texts = ["the sea was calm", "", "no one came", "the bell"]
    let data = try LabelledTexts.data([
      (texts[0], ["a"]), (texts[1], ["c"]), (texts[2], ["b"]), (texts[3], ["a"]),
    ])
    for name in ["lstm", "transformer"] {
      let model = try TestModel(name, steps: 2).model
      let survey = try model.unitSurvey(data, finding: "a")
      #expect(survey.tokenCount == 35)
      let best = survey.findings[0]
      var sums = UnitSums(size: 1)
      for (text, feature) in zip(texts, [1, 1, 0, 1] as [Float]) {
        for place in try model.activations(of: best.unit, in: UTF8Text(text)).places {
          sums.add([place.value], feature)
        }
      }
      expectClose(sums.correlation(of: 0), best.correlation ?? 0, tolerance: 1e-9, "\(name)")
      expectClose(sums.deviation(of: 0), best.deviation, tolerance: 1e-9, "\(name)")
      // Of two labels one is the other's opposite.
      let others = try model.unitSurvey(data, finding: "b").findings
      let opposite = try #require(others.first { $0.unit == best.unit }?.correlation)
      expectClose(opposite, -(best.correlation ?? 0), tolerance: 1e-9, "\(name)")
      #expect(throws: SeeingError.noLabel(name: "d", labels: ["a", "b", "c"])) {
        try model.unitSurvey(data, finding: "d")
      }
      #expect(throws: SeeingError.constantFeature(name: "label=c")) {
        try model.unitSurvey(data, finding: "c")
      }
    }
  }

  @Test("What there is not is an error that says what there is")
  func refusals() throws {
    let model = try TestModel(steps: 2).model
    let text = UTF8Text("ab ab")
    #expect(throws: SeeingError.constantFeature(name: "quotes")) {
      try model.unitSurvey(text, finding: .quotes)
    }
    #expect(throws: SeeingError.constantPattern("quote")) {
      try model.unitSurvey(text, finding: UnitFeature("quote"))
    }
    #expect(throws: SeeingError.empty(source: "text")) { try model.unitSurvey(UTF8Text("")) }
    for name in ["output.16", "other.0"] {
      let unit = try #require(UnitName(name))
      #expect {
        try model.activations(of: unit, in: text)
      } throws: { error in
        "\(error)".contains(name) && "\(error)".contains("output.0 to 15")
      }
    }
  }
}
