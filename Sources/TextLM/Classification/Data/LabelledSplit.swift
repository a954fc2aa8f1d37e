import TextLMTensors
import TextLMTokenization

/// A division of labelled texts into those to learn from and those to validate on, with every label
/// in both in the same proportion.
///
/// Of n texts that have a label n · f are validated on, rounded up or down; with several labels a
/// text this holds for the rarest label of each. Each label has at least one text to learn from, so
/// that one with a single text is not validated on. Which texts it are depends on the texts and the
/// seed, and not on their order.
public struct LabelledSplit: Sendable {
  /// Texts to learn from, as ascending numbers of `LabelledData.texts`.
  public let training: [Int]
  /// Texts to validate on, as ascending numbers.
  public let validation: [Int]
  /// Texts to validate on that are also learned from, with both places; none where the same texts
  /// are kept together.
  public let crossing: [DuplicatePair]
  /// Labels that only one text has, which is learned from.
  public let unsplitLabels: [String]

  /// Divides the texts.
  ///
  /// - Parameters:
  ///   - data: The texts.
  ///   - validationFraction: The part f of them to validate on, above 0 and below 1.
  ///   - seed: What the choice is drawn with.
  ///   - keepsDuplicatesTogether: Whether texts that are the same (see `DuplicateTexts`) come to the
  ///     same side, and count as one.
  /// - Throws: `LabelledDataError.fraction`, `.oneLabel`, `.nothingToValidateOn`;
  ///   `TextError.normalizationUnavailable`.
  public init(
    _ data: LabelledData, validationFraction: Double, seed: UInt64,
    keepsDuplicatesTogether: Bool = true
  ) throws {
    guard validationFraction > 0, validationFraction < 1 else {
      throw LabelledDataError.fraction(validationFraction)
    }
    try data.requireSeveralLabels()
    let random = RandomSource(seed: seed).stream("labelled split")
    let order = try StratifiedOrder(
      data, random, keepsDuplicatesTogether: keepsDuplicatesTogether)
    let movable = order.groups.indices.filter { group in
      order.classes[group].allSatisfy { order.groupCounts[$0] > 1 }
    }
    unsplitLabels = order.groupCounts.indices.filter { order.groupCounts[$0] == 1 }.map {
      data.labels.names[$0]
    }
    guard movable.count > 1 else {
      throw LabelledDataError.nothingToValidateOn(
        textCount: data.texts.count, labelCount: data.labels.count)
    }
    let wanted = (Double(movable.count) * validationFraction).rounded()
    let count = min(max(1, Int(wanted)), movable.count - 1)
    var offset = random.stream("offset")
    let start = offset.nextInt(below: movable.count)
    var isValidation = [Bool](repeating: false, count: order.groups.count)
    for (place, group) in movable.enumerated() {
      // Whether a multiple of the step lies between this place and the next.
      let before = (place * count + start) / movable.count
      isValidation[group] = ((place + 1) * count + start) / movable.count > before
    }
    Self.leaveEachLabel(order, &isValidation)
    func texts(_ side: Bool) -> [Int] {
      order.groups.indices.filter { isValidation[$0] == side }.flatMap { order.groups[$0] }.sorted()
    }
    training = texts(false)
    validation = texts(true)
    guard !validation.isEmpty else {
      throw LabelledDataError.nothingToValidateOn(
        textCount: data.texts.count, labelCount: data.labels.count)
    }
    crossing =
      keepsDuplicatesTogether
      ? []
      : try DuplicateTexts.pairs(
        training.map { data.texts[$0] }, validation.map { data.texts[$0] })
  }

  /// Gives each label that is nowhere learned from the first group that has it.
  private static func leaveEachLabel(_ order: StratifiedOrder, _ isValidation: inout [Bool]) {
    var counts = [Int](repeating: 0, count: order.groupCounts.count)
    for group in order.groups.indices where !isValidation[group] {
      for index in order.classes[group] { counts[index] += 1 }
    }
    for group in order.groups.indices where isValidation[group] {
      guard order.classes[group].contains(where: { counts[$0] == 0 }) else { continue }
      isValidation[group] = false
      for index in order.classes[group] { counts[index] += 1 }
    }
  }
}
