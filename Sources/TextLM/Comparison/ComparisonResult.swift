/// What the training of one architecture came to.
public struct ComparisonResult: Sendable, Equatable {
  /// The architecture.
  public let architecture: String
  /// Why it could not be trained to its end; nil where it was.
  public let failure: String?
  /// What was measured; nil where it failed.
  public let outcome: Outcome?

  /// Figures of a training.
  public struct Outcome: Sendable, Equatable {
    /// Elements of all parameters.
    public let parameterCount: Int
    /// Optimizer steps.
    public let stepCount: Int
    /// Tokens predicted in them.
    public let tokenCount: Int
    /// The best model's cross-entropy on the text that was held out.
    public let natsPerToken: Double
    /// The same in bits for each character.
    public let bitsPerCharacter: Double
    /// Tokens a second of training steps.
    public let trainedPerSecond: Double
    /// Tokens a second of a single text being written, in float32.
    public let writtenPerSecond: Double
    /// The most memory that the process had while it trained; nil where the system does not say.
    public let peakBytes: Int?
    /// Seconds from beginning to end.
    public let elapsedSeconds: Double
  }

  /// The JSON of `compare.json` and of the command's results.
  public var json: JSONValue {
    var object: JSONObject = ["architecture": JSONValue(architecture)]
    if let failure { object.append("failure", JSONValue(failure)) }
    guard let outcome else { return .object(object) }
    for (key, value) in [
      ("parameters", JSONValue(outcome.parameterCount)), ("steps", JSONValue(outcome.stepCount)),
      ("tokens", JSONValue(outcome.tokenCount)),
      ("nats_per_token", JSONValue(outcome.natsPerToken)),
      ("bits_per_character", JSONValue(outcome.bitsPerCharacter)),
      ("tokens_per_second", JSONValue(outcome.trainedPerSecond)),
      ("written_per_second", JSONValue(outcome.writtenPerSecond)),
      ("peak_bytes", outcome.peakBytes.map { JSONValue($0) } ?? .null),
      ("elapsed_seconds", JSONValue(outcome.elapsedSeconds)),
    ] {
      object.append(key, value)
    }
    return .object(object)
  }
}

extension ComparisonResult {
  init(_ json: JSONField) throws {
    let (counts, numbers) = (0...1 << 50, 0.0...1e15)
    architecture = try json.string("architecture")
    failure = try json.optionalField("failure")?.string()
    guard try json.optionalField("parameters") != nil else {
      outcome = nil
      return
    }
    outcome = Outcome(
      parameterCount: try json.int("parameters", in: counts),
      stepCount: try json.int("steps", in: counts),
      tokenCount: try json.int("tokens", in: counts),
      natsPerToken: try json.double("nats_per_token", in: numbers),
      bitsPerCharacter: try json.double("bits_per_character", in: numbers),
      trainedPerSecond: try json.double("tokens_per_second", in: numbers),
      writtenPerSecond: try json.double("written_per_second", in: numbers),
      peakBytes: try json.optionalField("peak_bytes")?.int(in: counts),
      elapsedSeconds: try json.double("elapsed_seconds", in: numbers))
  }
}
