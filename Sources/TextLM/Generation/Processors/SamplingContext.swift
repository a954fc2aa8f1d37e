/// What processors may look at: the text so far.
public struct SamplingContext: Sendable {
  /// All that was read in the order of reading: the prompt and what was written since.
  public private(set) var tokens: [TokenID]
  /// How many of them were written.
  public private(set) var writtenCount = 0
  /// For processors that draw; the draw of the token itself does not depend on it.
  public var random: RandomSource

  /// A text that begins after `prompt`.
  public init(prompt: [TokenID] = [], random: RandomSource = RandomSource(seed: 0)) {
    tokens = prompt
    self.random = random
  }

  /// The last tokens, `count` at most.
  public func last(_ count: Int) -> ArraySlice<TokenID> {
    tokens.suffix(count)
  }

  /// Adds what was written.
  mutating func append(_ token: TokenID) {
    tokens.append(token)
    writtenCount += 1
  }
}
