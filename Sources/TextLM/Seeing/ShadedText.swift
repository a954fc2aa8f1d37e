/// A text whose pieces are coloured by numbers: what each character cost, or what a unit made of it.
public struct ShadedText: Sendable, Equatable {
  /// A row beneath a piece.
  public struct Note: Sendable, Equatable {
    /// What is shown, a character mostly.
    public var text: String
    /// A number that belongs to it, for where there is room.
    public var number: String
    /// Whether it is what the text has there.
    public var isActual: Bool

    /// A note of these parts.
    public init(text: String, number: String, isActual: Bool = false) {
      self.text = text
      self.number = number
      self.isActual = isActual
    }
  }

  /// A piece of the text.
  public struct Piece: Sendable, Equatable {
    /// The text as it is, which may have control characters in it.
    public var text: String
    /// How strongly it is coloured: 0 not at all, to 9 or, in another colour, to −9.
    public var shade: Int
    /// What its colour stands for, in words.
    public var title: String
    /// What is shown beneath it.
    public var notes: [Note]

    /// A piece of these parts. Requires a shade from −9 to 9.
    public init(text: String, shade: Int, title: String, notes: [Note] = []) {
      precondition((-9...9).contains(shade), "shaded text: a shade of \(shade)")
      self.text = text
      self.shade = shade
      self.title = title
      self.notes = notes
    }

    /// Whether a text ends with it and another one follows.
    var endsText = false

    /// Whether a line ends with it.
    var endsLine: Bool { endsText || text.utf8.last == UInt8(ascii: "\n") }
  }

  /// The pieces in their order.
  public var pieces: [Piece]
  /// What the shades mean, from the weakest to the strongest.
  public var legend: String

  /// A text of these pieces.
  public init(pieces: [Piece], legend: String) {
    self.pieces = pieces
    self.legend = legend
  }

  /// Several texts one after another, each on a line of its own, with the legend of the first.
  public init(joining texts: [ShadedText]) {
    pieces = []
    legend = texts.first?.legend ?? ""
    for text in texts {
      if let last = pieces.indices.last, !pieces[last].endsLine { pieces[last].endsText = true }
      pieces += text.pieces
    }
  }

  /// The step of 0 ... 9 for a number, `greatest` and everything above being 9.
  static func shade(_ value: Double, greatest: Double) -> Int {
    guard greatest > 0, value.isFinite else { return value == .infinity ? 9 : 0 }
    return Int((max(-1, min(1, value / greatest)) * 9).rounded())
  }
}
