/// Texts with what is true of each.
public struct ClassifierExamples: Sendable {
  /// The texts.
  public let texts: [String]
  /// The numbers of each text's classes: exactly one, unless there may be several labels a text.
  public let truth: [[Int]]

  /// Texts with their classes.
  public init(texts: [String], truth: [[Int]]) {
    self.texts = texts
    self.truth = truth
  }

  /// What texts of each class have to count for all classes to count the same: the texts, divided by the
  /// classes and by the texts of the class.
  public func balancedWeights(classCount: Int) -> [Double] {
    var counts = [Int](repeating: 0, count: classCount)
    for index in truth.joined() { counts[index] += 1 }
    return counts.map { Double(truth.count) / Double(classCount * max($0, 1)) }
  }

  /// Refuses truths that cannot be about these labels; `part` says what the texts are for.
  func check(_ labels: LabelSet, part: String) throws(NeuralClassifierError) {
    guard texts.count == truth.count else {
      throw .unequalCounts(part: part, texts: texts.count, truths: truth.count)
    }
    guard !texts.isEmpty else { throw .noTexts(part: part) }
    for (index, classes) in truth.enumerated() {
      let isOne = labels.kind == .multiple || classes.count == 1
      guard isOne, classes.allSatisfy(labels.names.indices.contains) else {
        throw .truth(part: part, index: index, classes: classes, count: labels.count)
      }
    }
  }

  /// The SHA-256 of all texts and truths, by which a training knows them again.
  var digest: String {
    var digest = SHA256()
    for (text, classes) in zip(texts, truth) {
      let bytes = Array(text.utf8)
      digest.update(Array("\(bytes.count) \(classes)\n".utf8))
      digest.update(bytes)
    }
    return digest.hexDigest
  }
}
