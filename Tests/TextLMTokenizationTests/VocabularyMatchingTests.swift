import TextLM
import TextLMTokenization
import Testing

@Suite("Vocabulary: tokens of the same text")
struct VocabularyMatchingTests {
  private static func vocabulary(
    _ text: String, _ segmenter: any Segmenter = CodePointSegmenter(), maximum: Int? = nil
  ) throws -> Vocabulary {
    var counts = UnitCounts()
    counts.add(UTF8Text(text), segmenter: segmenter)
    return try Vocabulary(
      counts: counts, kind: type(of: segmenter).kind,
      rule: VocabularyRule(maximumUnitCount: maximum))
  }

  private static func vocabularies() throws -> [(name: String, Vocabulary)] {
    [
      ("characters", try vocabulary("aaabbcé")), ("others", try vocabulary("bbcccdß")),
      ("cut", try vocabulary("aaaabbbccd", maximum: 2)),
      ("cut otherwise", try vocabulary("ddddcccbba", maximum: 2)),
      ("bytes", try vocabulary("abcé", ByteSegmenter())),
      ("graphemes", try vocabulary("ae\u{301}bc", GraphemeSegmenter())),
    ]
  }

  @Test("Matched tokens stand for the same text, and none is named twice")
  func laws() throws {
    for (name, vocabulary) in try Self.vocabularies() {
      for (otherName, other) in try Self.vocabularies() {
        let matches = vocabulary.matches(in: other)
        #expect(matches.count == vocabulary.count)
        let found = matches.compactMap { $0 }
        #expect(Set(found).count == found.count, "\(name) in \(otherName)")
        for (token, match) in matches.enumerated() {
          guard let match else { continue }
          #expect(
            bytes(of: vocabulary.kind(of: TokenID(token))) == bytes(of: other.kind(of: match)),
            "\(name) in \(otherName), token \(token)")
        }
        if name == otherName { #expect(found == (0..<TokenID(vocabulary.count)).map { $0 }) }
      }
    }
  }

  private func bytes(of kind: TokenKind) -> [UInt8]? {
    switch kind {
    case .boundary: nil
    case .unknown: []
    case .unit(let text): text.bytes
    case .byte(let byte): [byte]
    }
  }

  @Test("Units are matched by their bytes: an é in two scalars is not one in one")
  func canonicalEquivalents() throws {
    let one = try Self.vocabulary("ab\u{E9}")
    let two = try Self.vocabulary("ab\u{E9}e\u{301}", GraphemeSegmenter())
    let unit = UTF8Text("e\u{301}")
    let token = try #require(two.token(of: unit))
    #expect(two.matches(in: one)[Int(token)] == nil)
    let single = try #require(two.token(of: UTF8Text("\u{E9}")))
    #expect(two.matches(in: one)[Int(single)] == one.token(of: UTF8Text("\u{E9}")))
  }

  @Test("A character of one byte matches the byte token that spells it")
  func bytes() throws {
    let bytes = try Self.vocabulary("abc", ByteSegmenter())
    let characters = try Self.vocabulary("abc")
    let token = try #require(characters.token(of: UTF8Text("b")))
    let match = try #require(characters.matches(in: bytes)[Int(token)])
    #expect(bytes.kind(of: match) == .byte(UInt8(ascii: "b")))
    #expect(bytes.matches(in: characters)[Int(match)] == token)
  }
}
