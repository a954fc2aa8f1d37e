#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Scores as KenLM's `query` prints them, for programs that read those.
///
/// What KenLM calls a word is a token here, and a sentence is a line: its line feed, or where lines are
/// documents their end, is `</s>`. Logarithms are to the base 10. A token's number is that of the model,
/// but that an unknown character has 0, as KenLM's `<unk>`, and a document's end 1; its n-gram is all of the
/// line before it, with what the line begins behind. Unknown characters cost what they do elsewhere, with
/// naming them. A space is shown as U+2581, and other white space by its code, so that columns can be split.
///
/// Reference: Kenneth Heafield, "KenLM: Faster and Smaller Language Model Queries", 2011, and its `query`.
public struct KenLMReport: Sendable {
  private let model: TextModel
  private var nats = 0.0
  private var unknownNats = 0.0
  /// Tokens so far that stand for unknown characters.
  public private(set) var unknownCount = 0
  /// Tokens so far.
  public private(set) var tokenCount = 0

  /// A report of nothing yet, about a model's scores.
  public init(_ model: TextModel) {
    self.model = model
  }

  /// Counts a line; returns its row without a line end: `Total: -3.2 OOV: 0`, behind the tokens of the line
  /// with `withTokens`.
  public mutating func add(_ line: ScoredLine, withTokens: Bool) -> String {
    nats += line.totalNats
    tokenCount += line.tokens.count
    unknownCount += line.unknownCount
    for (token, nats) in zip(line.tokens, line.nats) where token == Vocabulary.unknown {
      unknownNats += nats
    }
    let total = "Total: \(Self.logarithm(line.totalNats)) OOV: \(line.unknownCount)"
    return (withTokens ? tokens(of: line) : "") + total
  }

  /// The four lines about all that was counted, without line ends.
  public var summary: [String] {
    [
      "Perplexity including OOVs:\t\(Self.perplexity(nats, tokenCount))",
      "Perplexity excluding OOVs:\t\(Self.perplexity(nats - unknownNats, tokenCount - unknownCount))",
      "OOVs:\t\(unknownCount)", "Tokens:\t\(tokenCount)",
    ]
  }

  /// `surface=number length log10` and a tab for each token.
  private func tokens(of line: ScoredLine) -> String {
    let ranges = model.tokenizer.encodeWithOffsets(line.text).ranges
    let isForward = model.configuration.direction == .forward
    var row = ""
    for (index, token) in line.tokens.enumerated() {
      let isLast = index == line.tokens.count - 1
      let surface =
        index < ranges.count && token == Vocabulary.unknown
        ? String(decoding: line.text.bytes[ranges[index]], as: UTF8.self)
        : model.tokenizer.text(of: token)
      let isEnd = isLast && ["", "\n", "\r\n"].contains(surface)
      let place = isForward ? index : line.tokens.count - 1 - index
      row += isEnd ? "</s>" : Self.column(surface)
      row += "=\(Self.number(of: token)) \(place + 2) \(Self.logarithm(line.nats[index]))\t"
    }
    return row
  }

  private static func number(of token: TokenID) -> TokenID {
    switch token {
    case Vocabulary.unknown: 0
    case Vocabulary.boundary: 1
    default: token
    }
  }

  /// Text without white space.
  private static func column(_ text: String) -> String {
    var shown = ""
    for scalar in TerminalText.visible(text).unicodeScalars {
      if scalar == " " {
        shown += "\u{2581}"
      } else if scalar.properties.isWhitespace {
        shown += "<U+\(String(scalar.value, radix: 16, uppercase: true))>"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  /// log10 p of a cost, in as few digits as tell a Float, and without a sign of 0.
  private static func logarithm(_ nats: Double) -> Float { Float(0 - nats.powersOfTen) }

  /// 10^(−total / count); 1 of no tokens.
  private static func perplexity(_ nats: Double, _ count: Int) -> Double {
    exp(nats / Double(max(count, 1)))
  }
}
