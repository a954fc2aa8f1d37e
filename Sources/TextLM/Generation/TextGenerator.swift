#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A text being written by a model: a sequence of pieces, each of whole characters.
///
/// It ends where the model ends the document, and otherwise never: take as much as you need with
/// `prefix`. Most pieces are one character; a character that is spelled in byte tokens comes when
/// its last byte has.
public struct TextGenerator: Sequence, IteratorProtocol {
  /// One token with what it adds to the text and what it cost.
  public struct Step: Sendable {
    /// The token that was drawn.
    public let token: TokenID
    /// The characters that are complete with it.
    public let text: String
    /// −ln p of the token under the model itself, before any sampling setting.
    public let nats: Double
  }

  private let reader: any NextTokenReader
  private var sampler: Sampler
  private var decoder: StreamingDecoder
  private var unread: [TokenID]
  private var hasEnded = false

  init(
    reader: any NextTokenReader, prompt: [TokenID], sampler: Sampler, vocabulary: Vocabulary
  ) {
    self.reader = reader
    self.sampler = sampler
    decoder = StreamingDecoder(vocabulary: vocabulary)
    unread = [Vocabulary.boundary] + prompt
  }

  /// The next token, or nil when the model has ended the document.
  public mutating func nextStep() -> Step? {
    guard !hasEnded else { return nil }
    let logits = reader.logits(after: unread)
    // The place of the unknown has no text; everything else may come.
    let token = sampler.next(logits, excluding: [Vocabulary.unknown])
    guard token != Vocabulary.boundary else {
      hasEnded = true
      return nil
    }
    unread = [token]
    return Step(token: token, text: decoder.decode(token), nats: Self.cost(of: token, in: logits))
  }

  /// The next piece of text, or nil when the model has ended the document.
  public mutating func next() -> String? {
    while let step = nextStep() {
      if !step.text.isEmpty { return step.text }
    }
    let rest = decoder.finish()
    return rest.isEmpty ? nil : rest
  }

  private static func cost(of token: TokenID, in logits: [Float]) -> Double {
    let greatest = Double(logits.max() ?? 0)
    let total = logits.reduce(0.0) { $0 + exp(Double($1) - greatest) }
    return log(total) + greatest - Double(logits[Int(token)])
  }
}
