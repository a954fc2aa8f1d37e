import ArgumentParser
import TextLM

/// How a model adapts to the texts that it is measured on.
struct AdaptationOptions: ParsableArguments {
  @Flag(
    help: """
      Let the model say again what the text said in much the same place: a neural cache. Finds \
      repeated names and phrases, and learns nothing.
      """)
  var cache = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Tokens that the cache remembers, 2000 by default. More find more, and take longer.",
      valueName: "n"))
  var cacheLength: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      How much more the most alike places count than others, 20 by default: at 0 the cache is the \
      frequencies of the last characters.
      """, valueName: "x"))
  var cacheFlatness: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The cache's part of the probabilities, 0.1 by default: the weaker the model, the more is good.",
      valueName: "x"))
  var cacheWeight: Double?

  @Flag(
    help: """
      Let the model learn from each stretch of text once it has been measured: dynamic evaluation. \
      Lowers the cost of most texts by some hundredths, and takes far longer than measuring. The \
      model's file stays as it is.
      """)
  var dynamic = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      How fast the model learns from the text, 0.0005 by default. Too high a rate makes results \
      worse than without.
      """, valueName: "rate"))
  var dynamicRate: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      How fast it forgets that again, 0.002 by default: the higher, the more it is led by what came \
      last.
      """, valueName: "rate"))
  var dynamicDecay: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Tokens that are measured before they are learned from, 20 by default.", valueName: "n"))
  var dynamicSegment: Int?

  /// Whether the model is to adapt at all.
  var isWanted: Bool { option != nil }

  /// The option that has it adapt, one of them when there are two; nil for none.
  var option: String? { dynamic ? "--dynamic" : cache ? "--cache" : nil }

  func validate() throws {
    let details = [
      ("--cache-length", cacheLength != nil, "--cache", cache),
      ("--cache-flatness", cacheFlatness != nil, "--cache", cache),
      ("--cache-weight", cacheWeight != nil, "--cache", cache),
      ("--dynamic-rate", dynamicRate != nil, "--dynamic", dynamic),
      ("--dynamic-decay", dynamicDecay != nil, "--dynamic", dynamic),
      ("--dynamic-segment", dynamicSegment != nil, "--dynamic", dynamic),
    ]
    for (detail, isGiven, owner, isOn) in details where isGiven && !isOn {
      throw ValidationError("\(detail) is given without \(owner), which it is about")
    }
    do {
      _ = try adaptation()
    } catch AdaptationError.outOfRange(let name, let value, let allowed) {
      // The library's names have spaces where the options have dashes.
      throw ValidationError(
        "--\(name.replacing(" ", with: "-")) is \(value), but must be \(allowed)")
    }
  }

  /// What was asked for.
  func adaptation() throws(AdaptationError) -> Adaptation {
    var adaptation = Adaptation()
    if cache {
      let standard = try NeuralCache()
      adaptation.cache = try NeuralCache(
        length: cacheLength ?? standard.length, flatness: cacheFlatness ?? standard.flatness,
        weight: cacheWeight ?? standard.weight)
    }
    if dynamic {
      let standard = try DynamicEvaluation()
      adaptation.dynamic = try DynamicEvaluation(
        rate: dynamicRate ?? standard.rate, decayRate: dynamicDecay ?? standard.decayRate,
        segmentLength: dynamicSegment ?? standard.segmentLength)
    }
    return adaptation
  }
}

extension Adaptation {
  /// What results that were got with it have in their rows.
  var summary: String {
    let parts = [
      cache.map {
        "cache of \(Numbers.grouped($0.length)), flatness \(Numbers.short($0.flatness)), "
          + "weight \(Numbers.short($0.weight))"
      },
      dynamic.map {
        "dynamic evaluation, rate \(Numbers.short($0.rate)), "
          + "decay \(Numbers.short($0.decayRate)), segments of \(Numbers.grouped($0.segmentLength))"
      },
    ]
    return parts.compactMap { $0 }.joined(separator: "; ")
  }

  /// The same for programs.
  var json: JSONValue {
    var object = JSONObject()
    if let cache {
      object.append(
        "cache",
        [
          "length": JSONValue(cache.length), "flatness": JSONValue(cache.flatness),
          "weight": JSONValue(cache.weight),
        ])
    }
    if let dynamic {
      object.append(
        "dynamic",
        [
          "rate": JSONValue(dynamic.rate), "decay": JSONValue(dynamic.decayRate),
          "segment": JSONValue(dynamic.segmentLength),
        ])
    }
    return .object(object)
  }
}
