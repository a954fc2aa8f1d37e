/// A division of labelled texts into those to learn from and those to validate on, with each label
/// in both in the same proportion.
public struct LabelledSplit: Sendable {
  /// Texts to learn from, as ascending numbers of `LabelledData.texts`.
  public let training: [Int]
  /// Texts to validate on.
  public let validation: [Int]

  public init(
    _ data: LabelledData, validationFraction: Double, seed: UInt64,
    keepsDuplicatesTogether: Bool = true
  ) throws(LabelledDataError) {
    throw .fraction(validationFraction)
  }
}
