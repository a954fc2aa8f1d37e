extension NGramClassifier {
  /// What each character of a text contributed to a class, one number a Unicode scalar.
  ///
  /// Exact, for the model is linear: the weight of each feature, with its block's scale, is divided
  /// equally among the places where the text has it and the characters there. The sum is the rise of
  /// the class's logit above what it is without any features. Which logit that is depends on the
  /// labels: of two classes ln p / (1 − p); of more, and of several labels a text, the class's own;
  /// of ordinal labels the sum of the logits that the text is above each class below this one, minus
  /// those that it is above this one or a higher one.
  ///
  /// - Parameters:
  ///   - text: Any text. White space contributes what the features around it say of it.
  ///   - index: The number of the class.
  /// - Complexity: That of `logits(of:)`, a few times over.
  public func contributions(of text: String, to index: Int) -> [Double] {
    require(
      labels.names.indices.contains(index), "contributions: class \(index) of \(labels.count)")
    let read = FeatureText(text)
    let places = scalarContributions(read, questions.signs(for: index))
    guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return places }
    return ScalarSources(text, preparedCount: read.scalars.count).moved(places)
  }

  /// What each scalar of the text as the features see it contributed to the sum of the logits times
  /// `signs`.
  private func scalarContributions(_ text: FeatureText, _ signs: [Double]) -> [Double] {
    var occurrences: [Int32: Int] = [:]
    var known = [Int](repeating: 0, count: self.index.blockEnds.count)
    text.forEachFeature(configuration) { key, _, _ in
      guard let number = self.index.number(of: key) else { return }
      occurrences[number, default: 0] += 1
      if occurrences[number] == 1 { known[block(of: number)] += 1 }
    }
    var places = [Double](repeating: 0, count: text.scalars.count)
    text.forEachFeature(configuration) { key, first, second in
      guard let number = self.index.number(of: key), let count = occurrences[number] else { return }
      var weight = 0.0
      for (question, sign) in signs.enumerated() {
        weight += sign * Double(weights[Int(number) * signs.count + question])
      }
      let scale = 1 / Double(known[block(of: number)]).squareRoot()
      let part = weight * scale / Double(count * (first.count + second.count))
      for place in first { places[place] += part }
      for place in second { places[place] += part }
    }
    return places
  }

  private func block(of number: Int32) -> Int {
    index.blockEnds.firstIndex { Int(number) < $0 } ?? index.blockEnds.count - 1
  }
}
