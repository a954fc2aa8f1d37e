import ArgumentParser
import TextLM

/// How much the likely is preferred.
struct TemperatureOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Below 1 likelier text, above 1 more surprising text; 0 takes the likeliest. The default is \
      \(WordTemperature.standardInside), with \(WordTemperature.standardStart) where words begin. One \
      that is given holds everywhere.
      """, valueName: "t"))
  var temperature: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Change the temperature evenly from --temperature at the first character, which is \
      \(WordTemperature.standardInside) unless it is given, to this one at the last of -n, where words \
      begin too: the default for these is dropped.
      """, valueName: "t"))
  var temperatureEnd: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Another temperature for the first character of words: higher there than --temperature \
      elsewhere makes livelier text without spelling mistakes.
      """, valueName: "t"))
  var temperatureWordStart: Double?

  /// The temperature, given or not.
  private var value: Double { temperature ?? WordTemperature.standardInside }

  /// The temperature where words begin if it is another one. Whoever gives a temperature for the text
  /// means all of it.
  private var wordStart: Double? {
    let isStandard = temperature == nil && temperatureEnd == nil
    return temperatureWordStart ?? (isStandard ? WordTemperature.standardStart : nil)
  }

  /// The options that are given.
  var names: [String] {
    [
      ("--temperature", temperature != nil), ("--temperature-end", temperatureEnd != nil),
      ("--temperature-word-start", temperatureWordStart != nil),
    ].filter(\.1).map(\.0)
  }

  /// Whether only the likeliest character is ever taken.
  var isGreedy: Bool {
    value == 0 && (temperatureEnd ?? 0) == 0 && (wordStart ?? 0) == 0
  }

  /// The temperature of a text of so many tokens.
  func processor(_ vocabulary: Vocabulary, tokenCount: Int) throws -> any LogitsProcessor {
    let inside =
      if let temperatureEnd {
        try Temperature(from: value, to: temperatureEnd, over: max(1, tokenCount))
      } else {
        try Temperature(value)
      }
    guard let wordStart else { return inside }
    return WordTemperature(
      start: try Temperature(wordStart), inside: inside,
      places: try WordPlaces(vocabulary))
  }

  /// Throws `SamplingError` for numbers that make no sense.
  func check() throws {
    _ = try Temperature(from: value, to: temperatureEnd ?? value, over: 1)
    if let start = temperatureWordStart, !(0...Temperature.limit).contains(start) {
      throw SamplingError.outOfRange(
        name: "temperature-word-start", value: "\(start)", allowed: "a number from 0 to 1000")
    }
  }
}
