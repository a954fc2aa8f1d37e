/// A line as fastText's supervised mode reads it: words that begin with `__label__` are labels, and
/// the others are the text.
///
/// Labels may be anywhere in the line; each goes with the white space behind it. Reference: Armand
/// Joulin et al., "Bag of Tricks for Efficient Text Classification", 2016, and the program's
/// documentation.
struct FastTextLine {
  /// What labels begin with.
  static let prefix = "__label__"

  let text: String
  let labels: [String]

  init(_ line: String) {
    var text = String.UnicodeScalarView()
    var labels: [String] = []
    var rest = line.unicodeScalars[...]
    while !rest.isEmpty {
      let space = rest.prefix { $0.properties.isWhitespace }
      rest = rest[space.endIndex...]
      let word = rest.prefix { !$0.properties.isWhitespace }
      rest = rest[word.endIndex...]
      if word.starts(with: Self.prefix.unicodeScalars) {
        labels.append(String(word.dropFirst(Self.prefix.unicodeScalars.count)))
        rest = rest.drop { $0.properties.isWhitespace }
        if !text.isEmpty, !rest.isEmpty { text += space }
      } else {
        text += space
        text += word
      }
    }
    self.text = String(text)
    self.labels = labels
  }
}
