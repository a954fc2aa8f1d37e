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
