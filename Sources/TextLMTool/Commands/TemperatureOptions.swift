import ArgumentParser
import TextLM

/// How much the likely is preferred.
struct TemperatureOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Below 1 likelier text, above 1 more surprising text; 0 takes the likeliest.",
      valueName: "t"))
  var temperature = 0.8

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Change the temperature evenly from --temperature at the first character to this one at the "
        + "last of -n.",
      valueName: "t"))
  var temperatureEnd: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Another temperature for the first character of words: higher there than --temperature \
      elsewhere makes livelier text without spelling mistakes.
      """, valueName: "t"))
  var temperatureWordStart: Double?

  /// Whether only the likeliest character is ever taken.
  var isGreedy: Bool {
    temperature == 0 && (temperatureEnd ?? 0) == 0 && (temperatureWordStart ?? 0) == 0
  }

  /// The temperature of a text of so many tokens.
  func processor(_ vocabulary: Vocabulary, tokenCount: Int) throws -> any LogitsProcessor {
    let inside =
      if let temperatureEnd {
        try Temperature(from: temperature, to: temperatureEnd, over: max(1, tokenCount))
      } else {
        try Temperature(temperature)
      }
    guard let temperatureWordStart else { return inside }
    return WordTemperature(
      start: try Temperature(temperatureWordStart), inside: inside,
      places: try WordPlaces(vocabulary))
  }

  /// Throws `SamplingError` for numbers that make no sense.
  func check() throws {
    _ = try Temperature(from: temperature, to: temperatureEnd ?? temperature, over: 1)
    if let start = temperatureWordStart, !start.isFinite || start < 0 {
      throw SamplingError.outOfRange(
        name: "temperature-word-start", value: "\(start)", allowed: "a number from 0 up")
    }
  }
}
