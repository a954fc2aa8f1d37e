/// Whole texts that a search has found, no two alike.
///
/// Texts are alike if their characters are: other tokens may spell the same.
struct FoundTexts {
  private let text: ([WrittenToken]) -> String
  private var texts: [RankedText] = []
  /// The place of each among `texts`, by its characters.
  private var places: [UTF8Key: Int] = [:]

  /// None, of which `text` makes characters.
  init(_ text: @escaping ([WrittenToken]) -> String) {
    self.text = text
  }

  var count: Int { texts.count }

  /// The texts from the least score to the greatest; of equal ones the first found comes first.
  var ranked: [RankedText] {
    texts.enumerated()
      .sorted { ($0.element.score, $0.offset) < ($1.element.score, $1.offset) }
      .map(\.element)
  }

  /// Adds a text; whether it is new. Of two that are alike the one with the lower score stays.
  @discardableResult
  mutating func insert(_ new: RankedText) -> Bool {
    let key = UTF8Key(text(new.tokens))
    guard let place = places[key] else {
      places[key] = texts.count
      texts.append(new)
      return true
    }
    if new.score < texts[place].score { texts[place] = new }
    return false
  }
}
