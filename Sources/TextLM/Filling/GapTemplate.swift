/// A text with gaps: `The qu[?]ck br[??]n`, where each question mark is one unit to be found.
public struct GapTemplate: Sendable, Equatable {
  /// A part of the text.
  enum Part: Sendable, Equatable {
    /// As it stands.
    case text(String)
    /// So many units.
    case gap(Int)
  }

  let parts: [Part]

  /// Reads a text with gaps. Throws `FillError.noGap` where there is none.
  public init(_ text: String) throws(FillError) {
    var parts: [Part] = []
    var rest = text[...]
    var plain = ""
    while let character = rest.first {
      let marks = rest.dropFirst().prefix { $0 == "?" }
      if character == "[", !marks.isEmpty, rest[marks.endIndex...].first == "]" {
        if !plain.isEmpty { parts.append(.text(plain)) }
        plain = ""
        parts.append(.gap(marks.count))
        rest = rest[marks.endIndex...].dropFirst()
      } else {
        plain.append(character)
        rest = rest.dropFirst()
      }
    }
    if !plain.isEmpty { parts.append(.text(plain)) }
    guard parts.contains(where: { if case .gap = $0 { true } else { false } }) else {
      throw .noGap(text: text)
    }
    self.parts = parts
  }

  /// The text with the gaps filled, in their order. Requires a filling for each.
  public func filled(_ gaps: [String]) -> String {
    var remaining = gaps[...]
    return parts.map { part in
      switch part {
      case .text(let text): return text
      case .gap: return remaining.popFirst() ?? ""
      }
    }.joined()
  }
}

/// Gaps that cannot be filled, or texts that cannot be ranked.
public enum FillError: Error, Equatable {
  /// The text has no gap.
  case noGap(text: String)
  /// A model reads from the other end than it must.
  case direction(model: String, wanted: ReadingDirection)
  /// The model has no units to fill a gap with.
  case noUnits(model: String)
}

extension FillError: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .noGap(let text):
      "\"\(TerminalText.visible(text))\" has no gap: write [?] for one missing character, [??] for two"
    case .direction(let model, .forward):
      "\(model) reads backward: give it with --backward, and a forward model with -m"
    case .direction(let model, .backward):
      "\(model) reads forward: --backward takes a model that was trained with --direction backward"
    case .noUnits(let model):
      "\(model): its vocabulary has no characters, only bytes: train a model with more of them"
    }
  }
}
