import TextLM
import TextLMTestSupport
import Testing

@Suite("Measures of classifiers")
struct ClassificationMeasuresTests {
  private func labels(_ kind: LabelKind, _ names: String...) throws -> LabelSet {
    try LabelSet(kind: kind, names: names)
  }

  /// Four texts of two labels, of which one is wrong.
  private func binary() throws -> ClassificationMeasures {
    ClassificationMeasures(
      labels: try labels(.single, "bad", "good"),
      probabilities: [[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.75, 0.25]],
      truth: [[0], [0], [1], [0]])
  }

  @Test("The likeliest label is told, of equals the first; of several each from its threshold on")
  func decisions() throws {
    let single = try labels(.single, "a", "b", "c")
    #expect(single.decisions([0.2, 0.4, 0.4]) == [1] && single.decisions([0.5, 0, 0.5]) == [0])
    let several = try labels(.multiple, "a", "b", "c")
    #expect(several.decisions([0.5, 0.49, 1]) == [0, 2] && several.decisions([0, 0, 0]) == [])
    #expect(several.decisions([0.5, 0.49, 1], thresholds: [0.6, 0.49, 1]) == [1, 2])
  }

  @Test("Two labels, worked by hand")
  func byHand() throws {
    let measures = try binary()
    #expect(measures.textCount == 4 && measures.rightCount == 3 && measures.accuracy == 0.75)
    #expect(measures.confusion?.counts == [[2, 1], [0, 1]])
    let (bad, good) = (measures.labelMeasures[0], measures.labelMeasures[1])
    #expect(bad.counts == DecisionCounts(truePositives: 2, falsePositives: 0, falseNegatives: 1))
    #expect(good.counts.precision == 0.5 && good.counts.recall == 1)
    #expect(measures.macro?.precision == 0.75)
    expectClose(measures.macro?.f1 ?? 0, (0.8 + 2.0 / 3) / 2, tolerance: 1e-15, "F1")
    // (3 · 4 − (2 · 3 + 2 · 1)) / √((16 − 8) (16 − 10)) = 4 / √48
    expectClose(measures.matthewsCorrelation ?? 0, 0.5773502691896258, tolerance: 1e-15, "MCC")
    #expect(measures.rocArea == 1 && measures.rocCurve?.points.count == 5)
    // −ln(0.9 · 0.4 · 0.8 · 0.75) / 4
    expectClose(measures.logLoss ?? 0, 0.383119217824493, tolerance: 1e-12, "log loss")
    // |1 − 0.9|, |0 − 0.6|, |1 − 0.8| and |1 − 0.75|, the last two in one bin.
    expectClose(
      measures.expectedCalibrationError ?? 0, (0.1 + 0.6 + 0.2 + 0.25) / 4, tolerance: 1e-15,
      "calibration")
    #expect(measures.meanAbsoluteError == nil && measures.quadraticKappa == nil)
    #expect(measures.decisionAccuracy == nil)
  }

  @Test("Ordinal labels count how far off they are, in steps of the scale")
  func ordinal() throws {
    // 10 comes after 2, as a number does.
    let scale = try labels(.ordinal, "10", "1", "2")
    let measures = ClassificationMeasures(
      labels: scale, probabilities: [[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1]],
      truth: [[0], [1], [2], [2]])
    #expect(scale.names == ["1", "2", "10"])
    #expect(measures.meanAbsoluteError == 0.5)
    // Expected: (1·1·1 + 4·1·1 + 1·1·2 + 1·1·1 + 4·2·2 + 1·2·1) / 4 = 26 / 4; found: 4.
    expectClose(measures.quadraticKappa ?? 0, 1 - 4 / 6.5, tolerance: 1e-15, "kappa")
  }

  @Test("Several labels a text: all must be right for the text, and each decision counts")
  func several() throws {
    let measures = ClassificationMeasures(
      labels: try labels(.multiple, "a", "b", "c"),
      probabilities: [[0.9, 0.2, 0.1], [0.9, 0.6, 0.1], [0.1, 0.4, 0.2]],
      truth: [[0], [0], []], thresholds: [0.5, 0.3, 0.5])
    #expect(measures.rightCount == 1 && measures.confusion == nil)
    expectClose(measures.decisionAccuracy ?? 0, 7.0 / 9, tolerance: 1e-15, "decisions")
    #expect(measures.micro.precision == 0.5 && measures.micro.recall == 1)
    // Of b nothing is defined but its precision, 0; of c nothing at all: both count 0.
    let macro = try #require(measures.macro)
    expectClose(
      [macro.precision, macro.recall, macro.f1], [Double](repeating: 1.0 / 3, count: 3),
      tolerance: 1e-15, "macro")
    #expect(measures.labelMeasures[2].counts.f1 == nil && measures.labelMeasures[1].rocArea == nil)
    #expect(measures.rocArea == 1 && measures.rocCurve == nil)
    #expect(measures.matthewsCorrelation == nil)
    #expect(measures.calibration.predictionCount == 9)
  }

  @Test("What is undefined is nil and null, and never NaN", arguments: LabelKind.allCases)
  func undefined(kind: LabelKind) throws {
    let labels = try LabelSet(kind: kind, names: ["1", "2", "3"])
    let none = ClassificationMeasures(labels: labels, probabilities: [], truth: [])
    #expect(none.accuracy == nil && none.accuracyInterval == nil && none.logLoss == nil)
    #expect(none.macro == nil && none.micro.f1 == nil && none.rocArea == nil)
    #expect(none.expectedCalibrationError == nil && none.decisionAccuracy == nil)
    #expect(none.matthewsCorrelation == nil && none.meanAbsoluteError == nil)
    // Serializing refuses what is not finite.
    #expect(try JSONValue.object(none.json).text().contains("\"accuracy\":null"))
    // All have one label and got it: correlation and kappa tell nothing, and certainty costs nothing.
    let one = ClassificationMeasures(
      labels: labels, probabilities: [[0, 1, 0], [0, 1, 0]], truth: [[1], [1]])
    #expect(one.accuracy == 1 && one.matthewsCorrelation == nil && one.quadraticKappa == nil)
    #expect(one.labelMeasures[0].counts.recall == nil && one.rocArea == nil)
    expectClose(
      one.macro?.f1 ?? 0, kind == .multiple ? 1.0 / 3 : 1.0, tolerance: 1e-15, "macro F1")
    expectClose(one.logLoss ?? 1, 0, tolerance: 1e-15, "certainty")
    #expect(try JSONValue.object(one.json).text().contains("\"roc_auc\":null"))
  }

  @Test("A truth that was called impossible costs 36 nats, not infinitely many")
  func clipping() throws {
    let measures = ClassificationMeasures(
      labels: try labels(.single, "a", "b"), probabilities: [[1 + 1e-7, -1e-7]], truth: [[1]])
    // −ln 2^-52
    expectClose(measures.logLoss ?? 0, 36.04365338911715, tolerance: 1e-12, "nats")
    #expect(measures.expectedCalibrationError == 1)
  }

  @Test("JSON has the kind's measures, the labels and the matrix")
  func json() throws {
    let json = JSONField(.object(try binary().json), path: "measures")
    #expect(try json.int("texts") == 4 && json.double("accuracy") == 0.75)
    #expect(try json.double("accuracy_low") < 0.75 && json.double("accuracy_high") > 0.75)
    let good = try json.field("labels").elements()[1]
    #expect(try good.string("label") == "good" && good.double("precision") == 0.5)
    #expect(try good.int("texts") == 1 && good.int("predicted") == 2 && good.int("right") == 1)
    #expect(try json.field("confusion_matrix").value == [[2, 1], [0, 1]])
    #expect(try json.field("calibration").elements()[0].int("predictions") == 1)
    let keys = Set(try json.object().members.map(\.key))
    #expect(keys.isDisjoint(with: ["quadratic_kappa", "decision_accuracy"]))
    #expect(keys.isSuperset(of: ["matthews_correlation", "roc_auc", "micro_f1", "log_loss"]))
  }

  /// `binomtest(k, n).proportion_ci(method="wilson")` of SciPy.
  @Test(
    "Wilson's interval",
    arguments: [
      (0, 10, 0, 0.27753279986288926), (10, 10, 0.7224672001371109, 1),
      (8, 10, 0.4901624715366418, 0.9433178485456248),
      (720, 872, 0.7990939759065947, 0.8494252215801312),
    ] as [(Int, Int, Double, Double)])
  func wilson(count: Int, total: Int, low: Double, high: Double) throws {
    let interval = try #require(WilsonInterval.interval(count, of: total))
    expectClose(
      [interval.lowerBound, interval.upperBound], [low, high], tolerance: 1e-12, "bounds")
    #expect(WilsonInterval.interval(0, of: 0) == nil)
  }

  @Test(
    "A ROC curve has one step for texts of one probability, and half of them count for its area")
  func roc() throws {
    let curve = try #require(
      ROCCurve(
        probabilities: [0.9, 0.5, 0.5, 0.5, 0.1], hasLabel: [true, true, false, false, false]))
    #expect(
      curve.points == [
        PlotPoint(0, 0), PlotPoint(0, 0.5), PlotPoint(2.0 / 3, 1), PlotPoint(1, 1),
      ])
    // Of six pairs four are in order and two equal.
    expectClose(curve.area, 5.0 / 6, tolerance: 1e-15, "area")
    #expect(ROCCurve(probabilities: [0.5], hasLabel: [true]) == nil)
  }

  @Test("Thresholds have the greatest F1 that any has")
  func thresholds() throws {
    var sets = RandomLabelSets()
    for index in 0..<60 {
      let drawn = try sets.next(.multiple)
      let found = ThresholdSearch.thresholds(
        probabilities: drawn.probabilities, truth: drawn.truth, labelCount: drawn.labels.count)
      for (label, threshold) in found.enumerated() {
        func f1(_ threshold: Double) -> Double {
          var counts = DecisionCounts()
          for (row, truth) in zip(drawn.probabilities, drawn.truth) {
            switch (row[label] >= threshold, truth.contains(label)) {
            case (true, true): counts.truePositives += 1
            case (true, false): counts.falsePositives += 1
            case (false, true): counts.falseNegatives += 1
            default: break
            }
          }
          return counts.f1 ?? 0
        }
        let best = drawn.probabilities.map { f1($0[label]) }.max() ?? 0
        expectClose(f1(threshold), best, tolerance: 0, "set \(index), label \(label)")
      }
    }
  }

  @Test("A threshold is in the middle of the gap, and of equally good ones the nearest to a half")
  func thresholdPlaces() {
    func threshold(_ probabilities: [Double], _ hasLabel: [Bool]) -> Double {
      ThresholdSearch.thresholds(
        probabilities: probabilities.map { [$0] }, truth: hasLabel.map { $0 ? [0] : [] },
        labelCount: 1)[0]
    }
    #expect(threshold([0.8, 0.2], [true, false]) == 0.5)
    #expect(threshold([0.25, 0.125], [true, false]) == 0.1875)
    // No text has it; all have it: below the least one, the half of it.
    #expect(threshold([0.9, 0.1], [false, false]) == 0.5)
    #expect(threshold([0.75, 0.5], [true, true]) == 0.25)
    // F1 is 2 / 3 with the first alone and with all four: 0.6875 is nearer than 0.25.
    #expect(threshold([0.75, 0.625, 0.5, 0.625], [true, false, true, false]) == 0.6875)
    // Neighbours among the numbers, and nothing but zeros.
    let half = 0.5
    #expect(threshold([half.nextUp, half], [true, false]) == half.nextUp)
    #expect(threshold([0, 0], [true, false]) == 0)
  }

  /// p of `binomtest(b, b + c)` and `chi2.sf(max(0, abs(b - c) - 1)**2 / (b + c), 1)` of SciPy.
  @Test(
    "McNemar's test",
    arguments: [
      (0, 0, nil, 1.0), (5, 5, nil, 1), (10, 2, nil, 0.03857421875), (3, 12, nil, 0.03515625),
      (0, 24, nil, 1.1920928955078125e-07), (12, 12, nil, 1), (13, 12, 0, 1),
      (30, 10, 9.025, 0.002663119259138558), (5, 20, 7.84, 0.005110260660855866),
      (100, 140, 6.3375, 0.01182113783662232),
      (2000, 1800, 10.421315789473685, 0.0012456911072356363),
    ] as [(Int, Int, Double?, Double)])
  func mcNemar(first: Int, second: Int, chiSquared: Double?, pValue: Double) {
    // Texts about which both are right, or both wrong, change nothing.
    let firstIsRight =
      Array(repeating: true, count: first) + Array(repeating: false, count: second) + [true, false]
    let test = McNemarTest(
      firstIsRight: firstIsRight,
      secondIsRight: firstIsRight.dropLast(2).map { !$0 } + [true, false])
    #expect(test.firstOnlyCount == first && test.secondOnlyCount == second)
    #expect((test.chiSquared == nil) == (chiSquared == nil))
    expectClose(test.chiSquared ?? 0, chiSquared ?? 0, tolerance: 1e-12, "chi-squared")
    #expect(abs(test.pValue - pValue) <= 1e-9 * pValue)
    let verdict: McNemarTest.Verdict =
      pValue >= 0.05 ? .undecided : first > second ? .first : .second
    #expect(test.verdict == verdict && test.textCount == first + second + 2)
  }
}
