import TextLMTensors
import TextLMTokenization

/// Labelled texts divided into folds, each with every label in the same proportion, for
/// cross-validation.
///
/// Every text is in one fold. Of n texts that have a label each fold has n / k, rounded up or down;
/// with several labels a text this holds for the rarest label of each. Which texts it are depends on
/// the texts and the seed, and not on their order. Reference: Ron Kohavi, "A Study of Cross-Validation
/// and Bootstrap for Accuracy Estimation and Model Selection", 1995 (stratification).
public struct LabelledFolds: Sendable {
  /// The texts of each fold, as ascending numbers of `LabelledData.texts`; no fold is empty.
  public let folds: [[Int]]
  /// Labels of which all texts are in one fold: while it is held out, nothing can be learned of them,
  /// and these texts count as mistakes.
  public let labelsInOneFold: [String]

  /// Divides the texts.
  ///
  /// - Parameters:
  ///   - data: The texts.
  ///   - count: How many folds, at least 2.
  ///   - seed: What the choice is drawn with.
  ///   - keepsDuplicatesTogether: Whether texts that are the same (see `DuplicateTexts`) come to the
  ///     same fold, and count as one.
  /// - Throws: `LabelledDataError.foldCount`, `.oneLabel`; `TextError.normalizationUnavailable`.
  public init(
    _ data: LabelledData, count: Int, seed: UInt64, keepsDuplicatesTogether: Bool = true
  ) throws {
    try data.requireSeveralLabels()
    let random = RandomSource(seed: seed).stream("labelled folds")
    let order = try StratifiedOrder(
      data, random, keepsDuplicatesTogether: keepsDuplicatesTogether)
    guard count > 1, count <= order.groups.count else {
      throw LabelledDataError.foldCount(count, textCount: order.groups.count)
    }
    var folds = [[Int]](repeating: [], count: count)
    var foldsOfClasses = [Set<Int>](repeating: [], count: data.labels.count)
    for (place, group) in order.groups.enumerated() {
      folds[place % count] += group
      for index in order.classes[place] { foldsOfClasses[index].insert(place % count) }
    }
    self.folds = folds.map { $0.sorted() }
    labelsInOneFold = foldsOfClasses.indices.filter { foldsOfClasses[$0].count == 1 }.map {
      data.labels.names[$0]
    }
  }

  /// The texts to learn from while a fold is held out, as ascending numbers.
  public func training(without fold: Int) -> [Int] {
    folds.indices.filter { $0 != fold }.flatMap { folds[$0] }.sorted()
  }
}
