import Testing
import TextLM
import TextLMTensors

/// The texts were read back with Hugging Face's `tokenizers` 0.22 and gave the same numbers:
///
///     from tokenizers import Tokenizer
///     Tokenizer.from_file(path).encode(text, add_special_tokens=False).ids
struct TokenizerFileTests {
  private func tokenizer(
    _ text: String, _ rule: VocabularyRule = VocabularyRule(), form normalizer: Normalizer = .nfc,
    cut segmenter: any Segmenter = CodePointSegmenter()
  ) throws -> Tokenizer {
    try Tokenizer(
      trainedOn: [UTF8Text(text)], preparation: TextPreparation(normalizer), segmenter: segmenter,
      rule: rule)
  }

  @Test func charactersAsText() throws {
    let json = try TokenizerFile.json(tokenizer("aab\n"))
    #expect(
      try json.text() == """
        {"version":"1.0","truncation":null,"padding":null,"added_tokens":[],\
        "normalizer":{"type":"NFC"},"pre_tokenizer":{"type":"Split","pattern":{"Regex":\
        "[\\\\s\\\\S]"},"behavior":"Isolated","invert":false},"post_processor":null,"decoder":\
        {"type":"Fuse"},"model":{"type":"WordLevel","vocab":{"<boundary>":0,"<unk>":1,"a":2,\
        "\\n":3,"b":4},"unk_token":"<unk>"}}
        """)
  }

  @Test func everyKindIsReadBack() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("tokenizer.json")
    for form in [Normalizer.none, .nfc, .nfd, .nfkc] {
      for tokenizer in [
        try tokenizer("aab\n\u{E9}\0<\u{10348}", form: form),
        try tokenizer("aab\n\u{E9}\0<\u{10348}", VocabularyRule(maximumUnitCount: 3), form: form),
        try tokenizer("a", form: form, cut: ByteSegmenter()),
      ] {
        try TokenizerFile.write(tokenizer, to: path)
        let read = try TokenizerFile.read(path)
        #expect(read.preparation == tokenizer.preparation)
        #expect(read.vocabulary.description.units == tokenizer.vocabulary.description.units)
        #expect(read.vocabulary.counts.allSatisfy { $0 == 0 })
        for text in ["", "abc\u{E9}\n", "e\u{301} 日 <unk><boundary>"] {
          #expect(read.encode(text) == tokenizer.encode(text))
        }
      }
    }
  }

  @Test func theByteAlphabetIsGPT2s() throws {
    let json = JSONField(
      try TokenizerFile.json(tokenizer("a", cut: ByteSegmenter())), path: "file")
    let names = try json.field("model").field("vocab").members()
    #expect(names.count == 258)
    let expected = [(0, "\u{100}"), (10, "\u{10A}"), (32, "\u{120}"), (65, "A"), (173, "\u{143}")]
    for (byte, name) in expected { #expect(names[2 + byte].key == name) }
    #expect(Set(names.map(\.key)).count == 258)
  }

  @Test func whatTheOtherSideCannotDoIsRefused() throws {
    let cases = [
      try tokenizer("a b", cut: WordSegmenter()),
      try tokenizer("a b", cut: GraphemeSegmenter()),
      try tokenizer("a b", form: .nfkcCasefold),
      try Tokenizer(
        trainedOn: [UTF8Text("a b")],
        preparation: TextPreparation(TextPreparationDescription(caseMapping: "lower"))),
    ]
    for tokenizer in cases {
      #expect(throws: TokenizerFileError.self) { try TokenizerFile.json(tokenizer) }
    }
  }

  @Test(arguments: [
    ("[]", "expected an object"), ("{", "JSON"), ("{}", "model"),
    (#"{"model":{"type":"Unigram","vocab":[]}}"#, "another model"),
    (#"{"model":{"type":"WordLevel","vocab":{},"unk_token":"<unk>"}}"#, "another model"),
  ])
  func otherFilesAreRefused(text: String, part: String) throws {
    let folder = try StorageTestFolder()
    try folder.write(text, to: "t.json")
    let error = #expect(throws: (any Error).self) {
      try TokenizerFile.read(folder.path("t.json"))
    }
    #expect(error.map { "\($0)".contains(part) } == true, "\(String(describing: error))")
  }

  @Test(arguments: [
    (#""a":2"#, #""a":3"#), (#""a":2"#, #""ab":2"#), (#""a":2"#, #""a":9"#),
    (#""<unk>":1"#, #""<UNK>":1"#), (#""added_tokens":[]"#, #""added_tokens":[1]"#),
    (#"{"type":"NFC"}"#, #"{"type":"Lowercase"}"#),
  ])
  func changedFilesAreRefused(old: String, new: String) throws {
    let folder = try StorageTestFolder()
    let text = try TokenizerFile.json(tokenizer("aab\n")).text()
    let changed = text.replacing(old, with: new)
    #expect(changed != text)
    try folder.write(changed, to: "t.json")
    #expect(throws: (any Error).self) { try TokenizerFile.read(folder.path("t.json")) }
  }
}
