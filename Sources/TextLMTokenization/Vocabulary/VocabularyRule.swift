/// Which units of a text become tokens of its vocabulary.
///
/// A unit has to pass all limits. What is left out is spelled in 256 byte tokens.
public struct VocabularyRule: Sendable, Equatable {
  /// Units that occur less often are left out.
  public var minimumCount: Int
  /// At most so many units are kept, the most frequent ones; nil for all. The boundary, `<unk>` and
  /// byte tokens come on top.
  public var maximumUnitCount: Int?
  /// The most frequent units are kept until they make up this part of the text, from above 0 to 1.
  public var coverage: Double
  /// A vocabulary that exists already and is taken as it is, whatever the text; nil to make one.
  public var frozen: Vocabulary?

  /// Takes the limits; without any, everything is kept.
  public init(
    minimumCount: Int = 1, maximumUnitCount: Int? = nil, coverage: Double = 1,
    frozen: Vocabulary? = nil
  ) {
    self.minimumCount = minimumCount
    self.maximumUnitCount = maximumUnitCount
    self.coverage = coverage
    self.frozen = frozen
  }

  /// Refuses limits that make no sense.
  ///
  /// - Throws: `TextError.vocabularyOption`, `TextError.coverage`.
  public func check() throws(TextError) {
    if minimumCount < 1 {
      throw .vocabularyOption(name: "minimum count", value: minimumCount, minimum: 1)
    }
    if let maximumUnitCount, maximumUnitCount < 1 {
      throw .vocabularyOption(name: "maximum vocabulary", value: maximumUnitCount, minimum: 1)
    }
    guard coverage > 0, coverage <= 1 else { throw .coverage("\(coverage)") }
  }

  /// How many of the units to keep, whose counts are given from the most frequent on.
  ///
  /// - Parameter total: All units of the text, counted ones or not.
  func keptCount(of counts: [Int], total: Int) -> Int {
    let frequent = counts.prefix { $0 >= minimumCount }.prefix(maximumUnitCount ?? counts.count)
    guard coverage < 1 else { return frequent.count }
    let wanted = coverage * Double(total)
    var covered = 0
    return frequent.prefix { count in
      defer { covered += count }
      return Double(covered) < wanted
    }.count
  }
}
