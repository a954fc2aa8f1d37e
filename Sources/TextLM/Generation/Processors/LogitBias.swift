/// Adds a number to the logits of chosen tokens: a character likelier or less likely everywhere.
///
/// z ← z + b multiplies the odds of the token by e^b.
public struct LogitBias: LogitsProcessor {
  /// What `--sampler-order` calls it.
  public static let name = "bias"
  /// The greatest bias up or down; e^100 is beyond any probability.
  public static let limit = 100.0

  /// b of each token that has one.
  public let biases: [TokenID: Float]

  /// Takes the numbers of characters, each of which must be a token of the tokenizer's.
  ///
  /// Throws `SamplingError` for a text that is not one unit of the vocabulary, for two numbers of one
  /// unit, and for a number beyond ±100.
  public init(
    _ biases: [(text: String, value: Double)], tokenizer: Tokenizer
  ) throws(SamplingError) {
    var values: [TokenID: Float] = [:]
    var names: [TokenID: String] = [:]
    for (text, value) in biases {
      guard abs(value) <= Self.limit else {
        throw .outOfRange(
          name: "logit-bias of '\(TerminalText.visible(text))'", value: "\(value)",
          allowed: "from -100 to 100")
      }
      let token = try Self.token(of: text, tokenizer)
      let name = "logit-bias '\(TerminalText.visible(text))=\(Numbers.short(value))'"
      if let former = names[token] {
        throw .contradiction(
          first: former, second: name,
          reason: "both are of one character; give one number for each")
      }
      names[token] = name
      values[token] = Float(value)
    }
    self.biases = values
  }

  private static func token(
    of text: String, _ tokenizer: Tokenizer
  ) throws(SamplingError) -> TokenID {
    let tokens = tokenizer.encode(text)
    guard let token = tokens.first, tokens.count == 1, token != Vocabulary.unknown else {
      let isKnown = !tokens.contains(Vocabulary.unknown)
      throw .noToken(
        name: "logit-bias", text: text,
        reason: isKnown ? "it is \(tokens.count) tokens" : "it is not in the vocabulary")
    }
    return token
  }

  /// Adds.
  public func process(_ logits: inout [Float], _ context: inout SamplingContext) {
    for (token, bias) in biases { logits[Int(token)] += bias }
  }
}
