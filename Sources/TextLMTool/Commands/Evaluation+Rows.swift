import TextLM

extension Evaluation {
  /// The members of a row of `score --format json`.
  var scoreMembers: [(String, JSONValue)] {
    [
      ("tokens", JSONValue(tokenCount)), ("characters", JSONValue(counts.characters)),
      ("bytes", JSONValue(counts.bytes)), ("words", JSONValue(counts.words)),
      ("unknown", JSONValue(counts.unknown)), ("nats", JSONValue(nats)),
      ("nats_per_token", JSONValue(natsPerToken)),
      ("bits_per_character", JSONValue(bitsPerCharacter)),
      ("bits_per_byte", JSONValue(bitsPerByte)), ("perplexity", JSONValue(perplexity)),
      ("word_perplexity", JSONValue(wordPerplexity)),
    ]
  }

  func scoreJSON(document: String, tokensPerSecond: Double) -> JSONObject {
    var object = JSONObject()
    object.append("document", JSONValue(document))
    for member in scoreMembers { object.append(member.0, member.1) }
    object.append("tokens_per_second", JSONValue(tokensPerSecond))
    return object
  }
}

extension Evaluation {
  /// The lines of `score`, each a label and a value.
  func rows(name: String) -> [(String, String)] {
    [
      ("document", name), ("characters", Numbers.grouped(counts.characters)),
      ("bytes", Numbers.grouped(counts.bytes)), ("words", Numbers.grouped(counts.words)),
      ("unknown", Numbers.grouped(counts.unknown)), ("nats", Numbers.fixed(nats, 2)),
      ("nats per token", Numbers.fixed(natsPerToken, 4)),
      ("bits per character", Numbers.fixed(bitsPerCharacter, 4)),
      ("bits per byte", Numbers.fixed(bitsPerByte, 4)),
      ("perplexity", Numbers.fixed(perplexity, 4)),
      ("word perplexity", Numbers.fixed(wordPerplexity, 2)),
    ]
  }
}

extension ScoreDetails {
  /// The lines of `score` about a text with this evaluation, each a label and a value.
  func rows(_ evaluation: Evaluation) -> [(String, String)] {
    // Bits a character of nats a token.
    let factor = evaluation.bitsPerCharacter / evaluation.natsPerToken
    let between = interval.map {
      [
        (
          "95 % between",
          Numbers.fixed($0.lowerBound * factor, 4) + " and "
            + Numbers.fixed($0.upperBound * factor, 4) + " bits per character"
        )
      ]
    }
    let known =
      evaluation.counts.unknown > 0 && knownCount > 0
      ? [("nats, known only", Numbers.fixed(knownNatsPerToken, 4) + " per token")] : []
    return (between ?? []) + known + [
      ("first guess right", Numbers.fixed(100 * accuracy, 2) + " %"),
      ("among first five", Numbers.fixed(100 * accuracyOfFive, 2) + " %"),
    ]
  }

  /// The members of a row of `score --format json`.
  var members: [(String, JSONValue)] {
    let interval = interval
    return [
      ("accuracy", JSONValue(accuracy)), ("accuracy_of_five", JSONValue(accuracyOfFive)),
      ("known_tokens", JSONValue(knownCount)),
      ("known_nats_per_token", knownCount > 0 ? JSONValue(knownNatsPerToken) : .null),
      ("nats_per_token_low", interval.map { JSONValue($0.lowerBound) } ?? .null),
      ("nats_per_token_high", interval.map { JSONValue($0.upperBound) } ?? .null),
    ]
  }
}
