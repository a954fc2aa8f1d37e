/// A temperature for the first character of words and another one for all others.
///
/// What comes next is open where a word begins, and within a word hardly: a higher temperature there
/// and a lower one here makes text lively without spelling mistakes, which on characters one
/// temperature cannot do.
public struct WordTemperature: LogitsProcessor {
  /// What `--sampler-order` calls it: it takes the temperature's place.
  public static let name = Temperature.name

  /// The temperature where a word may begin.
  public let start: Temperature
  /// The temperature elsewhere.
  public let inside: Temperature
  private let places: WordPlaces

  /// The temperature where words begin, where nobody says another one.
  public static let standardStart = 1.0
  /// The temperature elsewhere, where nobody says another one.
  public static let standardInside = 0.7

  /// Takes both temperatures, and where words begin.
  public init(start: Temperature, inside: Temperature, places: WordPlaces) {
    self.start = start
    self.inside = inside
    self.places = places
  }

  /// What wrote text among the nearest to text that people wrote, of all that was measured: 1 where a
  /// word may begin, as the model thinks, and 0.7 elsewhere.
  ///
  /// `textlm generate` writes so unless it is told otherwise, and so does a training that shows how it
  /// gets on. Throws `TextError` when ICU cannot tell letters.
  public static func standard(_ vocabulary: Vocabulary) throws -> WordTemperature {
    WordTemperature(
      start: try Temperature(standardStart), inside: try Temperature(standardInside),
      places: try WordPlaces(vocabulary))
  }

  /// Applies the temperature of the place.
  public func process(_ logits: inout [Float], _ context: inout SamplingContext) {
    let temperature = places.isWordStart(after: context.tokens) ? start : inside
    temperature.process(&logits, &context)
  }
}
