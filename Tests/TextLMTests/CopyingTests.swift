import Foundation
import TextLM
import TextLMTensors
import Testing

@Suite("Copying")
struct CopyingTests {
  /// All sequences of texts, those with an unknown token left out.
  private static func sequences(_ texts: [[TokenID]]) -> Set<[TokenID]> {
    var found: Set<[TokenID]> = []
    for text in texts {
      for start in text.indices {
        for end in start..<text.count where !text[start...end].contains(Vocabulary.unknown) {
          found.insert(Array(text[start...end]))
        }
      }
    }
    return found
  }

  @Test("The index knows every sequence and no other, and what follows each", arguments: 1...60)
  func index(seed: UInt64) {
    var random = RandomSource(seed: seed)
    func text(_ count: Int, from least: Int, _ kinds: Int) -> [TokenID] {
      (0..<count).map { _ in TokenID(least + random.nextInt(below: kinds)) }
    }
    // Every third time with unknown tokens.
    let least = seed % 3 == 0 ? 1 : 2
    let texts = [7, 20, 0, 13].map { text($0, from: least, 5 - least) }
    let known = Self.sequences(texts)
    let index = CopyIndex(texts, vocabularySize: 6)
    #expect(index.tokenCount == texts.joined().count { $0 != Vocabulary.unknown })
    let written = text(40, from: 1, 5)
    var (whole, limited) = (CopyMatch(), CopyMatch())
    for place in written.indices {
      whole.append(written[place], index)
      limited.append(written[place], index, limit: 3)
      let starts = (0...place).reversed().prefix { known.contains(Array(written[$0...place])) }
      #expect(whole.length == starts.count)
      #expect(limited.length == min(starts.count, 3))
      let end = Array(written[(place + 1 - limited.length)..<place + 1])
      var following: Set<TokenID> = []
      index.forEachToken(after: limited.state) { following.insert($0) }
      #expect(following == Set((2..<6 as Range<TokenID>).filter { known.contains(end + [$0]) }))
    }
  }

  /// Of "abcabd" the text "xabcabcy" has abcab at most. Of its five stretches of four characters abca
  /// and bcab are in both; xabc, cabc and abcy are new.
  @Test("Novelty, worked out by hand")
  func novelty() throws {
    func tokens(_ text: String) -> [TokenID] { text.utf8.map { TokenID($0) } }
    let index = CopyIndex([tokens("abcabd")], vocabularySize: 128)
    let novelty = Novelty([tokens("xabcabcy"), tokens("ab")], index)
    #expect(novelty.longest == tokens("abcab"))
    #expect(
      novelty.curve == [
        Novelty.Point(length: 4, count: 5, newCount: 3),
        Novelty.Point(length: 8, count: 1, newCount: 1),
      ])
    #expect(Novelty([tokens("ab")], index).curve.isEmpty)
    #expect(Novelty([], index).longest.isEmpty)
  }

  @Test("No stretch is longer than allowed, whatever else is asked for")
  func limit() throws {
    let trained = try TestModel()
    let model = trained.model
    let corpus = SmallTexts.prose(2000)
    let index = try model.copyIndex(of: [UTF8Text(corpus)])
    func isWithin(_ text: String, _ limit: Int, prompt: String = "") -> Bool {
      let all = Array(prompt + text)
      guard all.count > limit else { return true }
      let first = max(limit, prompt.count)
      return (first..<all.count).allSatisfy { !corpus.contains(String(all[($0 - limit)...$0])) }
    }
    let free = try model.generate(rules: WritingRules(maximumCount: 200), seed: 1).text
    #expect(!isWithin(free, 1))
    for (limit, prompt) in [
      (1, ""), (3, ""), (6, ""), (6, "the sea was calm and"), (12, "zz\u{65E5}the "),
    ] {
      let rules = try WritingRules(
        maximumCount: 120, copyLimit: CopyLimit(limit, of: index))
      for seed in 1...4 as ClosedRange<UInt64> {
        let text = try model.generate(
          from: prompt, sampling: [Temperature(0.5)], rules: rules, seed: seed
        ).text
        #expect(isWithin(text, limit, prompt: prompt), "\(limit): \(text)")
      }
      let found = try model.search(try BeamSearch(width: 3), from: prompt, rules: rules)
      #expect(found.allSatisfy { isWithin($0.text, limit, prompt: prompt) })
    }
    // What nothing reaches changes nothing.
    let wide = try WritingRules(maximumCount: 200, copyLimit: CopyLimit(3000, of: index))
    #expect(try model.generate(rules: wide, seed: 1).text == free)
    #expect(throws: SamplingError.self) { try CopyLimit(0, of: index) }
  }

  @Test("A text ends where all that could follow would copy too much")
  func deadEnd() throws {
    let model = try TestModel().model
    // Every pair of known characters.
    let units = model.tokenizer.description.vocabulary.units
    let pairs = units.flatMap { first in units.map { UTF8Text(first + $0) } }
    let limit = try CopyLimit(1, of: try model.copyIndex(of: pairs))
    var writer = try model.generate(
      rules: WritingRules(maximumCount: 20, minimumCount: 10, copyLimit: limit), seed: 2)
    var count = 0
    while writer.nextStep() != nil { count += 1 }
    #expect(count == 1)
    #expect(writer.finishReason == .copying)
  }
}

extension TextGenerator {
  /// All of the text.
  fileprivate var text: String { map { $0 }.joined() }
}

extension RankedText {
  fileprivate var text: String { tokens.map(\.text).joined() }
}
