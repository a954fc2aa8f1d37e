/// A vocabulary in plain types, as it is stored in a model file.
public struct VocabularyDescription: Sendable {
  /// The units in the order of their numbers, scalar for scalar.
  public var units: [String]
  /// How often each unit occurred in the training text.
  public var counts: [Int]
  /// Whether 256 byte tokens follow the units.
  public var hasByteFallback: Bool

  /// Takes values as they were read; nothing is checked before a `Vocabulary` is made of them.
  public init(units: [String], counts: [Int], hasByteFallback: Bool) {
    self.units = units
    self.counts = counts
    self.hasByteFallback = hasByteFallback
  }
}

extension VocabularyDescription: Equatable {
  /// Whether both describe the same; units are compared scalar by scalar, which `String` does not
  /// do.
  public static func == (left: VocabularyDescription, right: VocabularyDescription) -> Bool {
    left.hasByteFallback == right.hasByteFallback && left.counts == right.counts
      && left.units.count == right.units.count
      && zip(left.units, right.units).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
  }
}

extension Vocabulary {
  /// Makes the vocabulary of a description, which may come from anywhere.
  ///
  /// - Throws: `TextError` for no units and no byte tokens, units that are empty or there twice, counts that
  ///   are negative or not as many as the units, and more tokens than there are numbers for.
  public init(_ description: VocabularyDescription) throws(TextError) {
    // Sizes first: no array is made for a vocabulary that cannot be.
    try Self.checkTokenCount(
      unitCount: description.units.count, hasByteFallback: description.hasByteFallback)
    try self.init(
      units: description.units.map { Array($0.utf8) }, counts: description.counts,
      hasByteFallback: description.hasByteFallback)
  }

  /// This vocabulary in plain types.
  public var description: VocabularyDescription {
    VocabularyDescription(
      units: (0..<unitCount).map { unit(at: $0).string },
      counts: counts, hasByteFallback: hasByteFallback)
  }
}
