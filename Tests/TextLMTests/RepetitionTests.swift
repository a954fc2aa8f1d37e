import Foundation
import TextLM
import Testing

/// Processors that look at the text so far.
@Suite("Sampling: repetition")
struct RepetitionTests {
  /// The change of each logit after `text`, whose letters a, b, c ... are the tokens 0, 1, 2 ...
  private func change(
    _ processor: any LogitsProcessor, after text: String, _ logits: [Float]
  ) -> [Float] {
    var (changed, processor) = (logits, processor)
    var context = SamplingContext(prompt: tokens(text))
    processor.process(&changed, &context)
    return zip(changed, logits).map { $0 - $1 }
  }

  private func tokens(_ text: String) -> [TokenID] {
    text.utf8.map { TokenID($0) - TokenID(UInt8(ascii: "a")) }
  }

  private let flat = [Float](repeating: 0, count: 5)

  @Test("Frequency counts, presence does not, and both look at the window alone")
  func counting() throws {
    let text = "eeabca"
    let frequency = try FrequencyPenalty(0.5, window: 4)
    #expect(change(frequency, after: text, flat) == [-1, -0.5, -0.5, 0, 0])
    let presence = try PresencePenalty(0.5, window: 4)
    #expect(change(presence, after: text, flat) == [-0.5, -0.5, -0.5, 0, 0])
    #expect(change(try FrequencyPenalty(1, window: 99), after: text, flat) == [-2, -1, -1, 0, -2])
    #expect(change(try FrequencyPenalty(-1, window: 2), after: text, flat) == [1, 0, 1, 0, 0])
    #expect(change(try PresencePenalty(1, window: 9), after: "", flat) == flat)
  }

  @Test("The repetition penalty multiplies below zero and divides above, once each")
  func multiplying() throws {
    let logits: [Float] = [2, -2, 0, 4, -4]
    let penalty = try RepetitionPenalty(2, window: 3)
    #expect(change(penalty, after: "dabba", logits) == [-1, -2, 0, 0, 0])
    #expect(change(penalty, after: "ddc", logits) == [0, 0, 0, -2, 0])
  }

  @Test("What was excluded stays so, whatever the penalty")
  func excluded() throws {
    let processors: [any LogitsProcessor] = [
      try FrequencyPenalty(-9, window: 9), try PresencePenalty(-9, window: 9),
      try RepetitionPenalty(0.5, window: 9), try RepetitionPenalty(2, window: 9),
      try NoRepeat(2), try DRY(multiplier: 1, base: 2, allowedLength: 1, window: 9),
    ]
    for processor in processors {
      let name = type(of: processor).name
      let changes = change(processor, after: "abcabca", [-.infinity, 1, -.infinity])
      // −∞ less −∞ is no number, and anything else would be infinite.
      #expect(changes[0].isNaN && changes[2].isNaN, "\(name)")
      #expect(changes[1].isFinite, "\(name)")
    }
  }

  @Test(
    "A sequence of n tokens does not come again",
    arguments: [
      (2, "abca", [1]), (3, "abca", []), (3, "abcab", [2]), (2, "aaa", [0]),
      (2, "abacada", [1, 2, 3]), (4, "ab", []), (2, "", []),
    ] as [(Int, String, [Int])])
  func noRepeat(length: Int, text: String, expected: [Int]) throws {
    let changes = change(try NoRepeat(length), after: text, flat)
    #expect(changes.indices.filter { changes[$0] == -.infinity } == expected)
  }

  @Test("The index of sequences grows with the text")
  func noRepeatGrowing() throws {
    for length in [2, 3, 5] {
      var sampler = Sampler([try NoRepeat(length)], random: RandomSource(seed: 5))
      let text = (0..<24).map { _ in sampler.next([0.3, 0.1, 0, 0, 0, 0.2, 0, 0]) }
      let grams = (0...text.count - length).map { Array(text[$0..<$0 + length]) }
      #expect(Set(grams).count == grams.count, "\(length)")
    }
    // Of two letters there are four pairs: where nothing else is left the likeliest stays.
    var sampler = Sampler([try NoRepeat(2)], random: RandomSource(seed: 5))
    #expect((0..<50).map { _ in sampler.next([1, 0]) }.count == 50)
  }

  /// "xyz" is here "abc": after "abcd abc" the d would go on with a repetition of three.
  @Test(
    "DRY grows with the length of the repetition",
    arguments: [
      // λ bᵐ⁻ᵃ with λ = 1, b = 2
      ("abcdabc", 3, [0, 0, 0, -1, 0]), ("abcdabc", 2, [0, 0, 0, -2, 0]),
      ("abcdabc", 1, [0, 0, 0, -4, 0]), ("abcdabc", 4, [0, 0, 0, 0, 0]),
      // Of two repetitions the longer counts, each for the token that followed it.
      ("abcdebceabc", 2, [0, 0, 0, -2, -1]), ("abcdebcdabc", 1, [0, 0, 0, -4, 0]),
      // A repetition may overlap itself: aaaa ends with aaa, which was there and went on with a.
      ("aaaa", 2, [-2, 0, 0, 0, 0]), ("a", 1, [0, 0, 0, 0, 0]), ("", 1, [0, 0, 0, 0, 0]),
    ] as [(String, Int, [Float])])
  func dry(text: String, allowed: Int, expected: [Float]) throws {
    let processor = try DRY(multiplier: 1, base: 2, allowedLength: allowed, window: 100)
    #expect(change(processor, after: text, flat) == expected)
  }

  @Test("A repetition reaches neither over a breaker nor out of the window")
  func dryBounds() throws {
    func dry(window: Int, breakers: Set<TokenID>) throws -> DRY {
      try DRY(
        multiplier: 1, base: 2, allowedLength: 1, window: window, breakers: breakers)
    }
    #expect(change(try dry(window: 9, breakers: []), after: "abcdabc", flat)[3] == -4)
    // b breaks: only the c behind it counts.
    #expect(change(try dry(window: 9, breakers: [1]), after: "abcdabc", flat)[3] == -1)
    // Breakers themselves are never made less likely, and behind one nothing is.
    #expect(change(try dry(window: 9, breakers: [3]), after: "abcdabc", flat) == flat)
    #expect(change(try dry(window: 9, breakers: [2]), after: "abcdabc", flat) == flat)
    #expect(change(try dry(window: 6, breakers: []), after: "abcdabc", flat)[3] == -2)
    #expect(change(try dry(window: 3, breakers: []), after: "abcdabc", flat) == flat)
  }

  /// Against the definition, by comparing every place with every length.
  @Test("DRY finds the same repetitions as a plain search")
  func dryPlainly() throws {
    var random = RandomSource(seed: 12)
    for _ in 0..<200 {
      let text = (0..<random.nextInt(below: 40)).map { _ in TokenID(random.nextInt(below: 3)) }
      var expected = [Float](repeating: 0, count: 3)
      for place in text.indices {
        var length = 0
        while length < place, text[place - 1 - length] == text[text.count - 1 - length] {
          length += 1
        }
        if length >= 2 {
          let token = Int(text[place])
          expected[token] = min(expected[token], -Float(pow(1.5, Double(length - 2))))
        }
      }
      var (logits, context) = ([0, 0, 0] as [Float], SamplingContext(prompt: text))
      try DRY(multiplier: 1, base: 1.5, allowedLength: 2, window: 100).process(&logits, &context)
      for (found, wanted) in zip(logits, expected) {
        #expect(abs(found - wanted) <= 1e-5 * max(1, abs(wanted)))
      }
    }
  }

  @Test("The strongest penalty is a number")
  func dryLimit() throws {
    let processor = try DRY(multiplier: 100, base: 100, allowedLength: 1, window: 100)
    #expect(change(processor, after: String(repeating: "a", count: 90), flat)[0].isFinite)
  }
}
