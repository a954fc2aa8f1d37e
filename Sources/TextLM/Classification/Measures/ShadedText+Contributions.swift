extension ShadedText {
  /// A text whose characters are coloured by what each contributed to the label that the text got: in one
  /// colour what speaks for it, in the other what speaks against it, and the strongest at full strength.
  ///
  /// - Parameters:
  ///   - text: The text as it was classified.
  ///   - contributions: Of each Unicode scalar of the text a number, above 0 where it speaks for what was
  ///     told: what the probability loses without it (occlusion), or the attention that it got. Those of
  ///     the scalars of one visible character are added.
  ///   - told: The label that the text got, or several in a row.
  ///   - truth: The label that it has.
  public init(_ text: String, contributions: [Double], told: String, truth: String) {
    require(
      contributions.count == text.unicodeScalars.count,
      "shaded text: \(contributions.count) contributions of "
        + "\(text.unicodeScalars.count) characters")
    var place = 0
    let sums = text.map { character -> Double in
      let end = place + character.unicodeScalars.count
      defer { place = end }
      return contributions[place..<end].reduce(0, +)
    }
    let greatest = sums.reduce(0) { max($0, abs($1)) }
    let pieces = zip(text, sums).map { character, sum in
      Piece(
        text: String(character), shade: Self.shade(sum, greatest: greatest),
        title: "\(sum > 0 ? "+" : "")\(Numbers.fixed(sum, 4)) for \(told)")
    }
    self.init(
      pieces: pieces,
      legend:
        "orange speaks for \(told), which was told, and blue against it; the truth is \(truth)")
  }
}
