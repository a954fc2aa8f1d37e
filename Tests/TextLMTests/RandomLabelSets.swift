import TextLM

/// Random labels and probabilities, the same as the Python in `ClassificationGoldenTests` draws.
struct RandomLabelSets {
  /// The state of a linear congruential generator, Knuth's MMIX; its 31 highest bits are drawn from.
  private var state: UInt64 = 1

  /// What a classifier said of some texts.
  struct Drawn {
    var labels: LabelSet
    var probabilities: [[Double]] = []
    var truth: [[Int]] = []
    var thresholds: [Double]?

    var measures: ClassificationMeasures {
      ClassificationMeasures(
        labels: labels, probabilities: probabilities, truth: truth, thresholds: thresholds)
    }
  }

  private mutating func draw(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % count
  }

  /// The next texts: 4 to 40 of 2 to 5 labels, mostly the first ones, with many equal probabilities.
  mutating func next(_ kind: LabelKind) throws -> Drawn {
    let (labelCount, textCount) = (2 + draw(4), 4 + draw(37))
    var drawn = Drawn(
      labels: try LabelSet(kind: kind, names: (0..<labelCount).map { "\($0)" }))
    if kind == .multiple {
      drawn.thresholds = (0..<labelCount).map { _ in Double(1 + draw(19)) / 20 }
    }
    for _ in 0..<textCount {
      if kind == .multiple {
        let has = (0..<labelCount).map { _ in draw(3) == 0 }
        drawn.probabilities.append(
          has.map { has in
            let base = draw(16)
            return Double(base + (has ? 6 : 0) * draw(2)) / 21
          })
        drawn.truth.append(has.indices.filter { has[$0] })
      } else {
        let truth = draw(labelCount) * draw(4) / 3
        var weights = (0..<labelCount).map { _ in draw(12) }
        weights[0] += 1
        weights[truth] += draw(16)
        let sum = weights.reduce(0, +)
        drawn.probabilities.append(weights.map { Double($0) / Double(sum) })
        drawn.truth.append([truth])
      }
    }
    return drawn
  }
}
