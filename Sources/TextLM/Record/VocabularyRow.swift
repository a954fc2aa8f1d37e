/// A unit of a vocabulary as a row of a table.
package struct VocabularyRow: Sendable {
  /// Its place among the units.
  package let index: Int
  /// The unit.
  package let unit: UTF8Text
  /// How often the training text has it.
  package let count: Int
  /// The part of the training text that it is.
  package let share: Double

  /// The unit at a place, of a vocabulary whose units occur `total` times together.
  package init(_ vocabulary: Vocabulary, at index: Int, total: Int) {
    self.index = index
    unit = vocabulary.unit(at: index)
    count = vocabulary.counts[index]
    share = Double(count) / Double(max(1, total))
  }

  /// The first characters of the unit, of which a word may have many.
  private var characters: [CharacterInfo] {
    unit.string.unicodeScalars.prefix(4).map { CharacterInfo($0) }
  }
  private var isCut: Bool { unit.characterCount > 4 }

  /// The numbers of its characters.
  package var codePoints: String {
    characters.map(\.codePoint).joined(separator: " ") + (isCut ? " ..." : "")
  }
  /// The names of its characters.
  package var name: String {
    characters.map(\.name).joined(separator: " + ") + (isCut ? " + ..." : "")
  }
  /// The scripts of its characters.
  package var script: String { unit.scripts.joined(separator: " ") }
}
