/// Labelled texts divided into folds, each with every label in the same proportion.
public struct LabelledFolds: Sendable {
  /// The texts of each fold, as ascending numbers of `LabelledData.texts`; a text is in one fold.
  public let folds: [[Int]]

  public init(_ data: LabelledData, count: Int, seed: UInt64) throws(LabelledDataError) {
    throw .foldCount(count, textCount: data.texts.count)
  }
}
