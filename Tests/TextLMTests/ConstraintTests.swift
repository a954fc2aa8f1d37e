import Foundation
import TextLM
import Testing

@Suite("Writing under constraints")
struct ConstraintTests {
  private let trained: TestModel
  private var model: TextModel { trained.model }

  init() throws {
    trained = try TestModel.shared()
  }

  /// Texts of a model that thinks nearly everything possible, so that constraints are what decides.
  private func texts(
    _ count: Int, _ constraints: [TextConstraint], length: Int = 24, temperature: Double = 4,
    minimum: Int = 0, stops: [String] = [], of model: TextModel? = nil
  ) throws -> [(text: String, reason: FinishReason?)] {
    let model = model ?? self.model
    let rules = try WritingRules(
      maximumCount: length, minimumCount: minimum, stops: stops,
      constraints: TokenAutomaton(constraints, stops: stops, tokenizer: model.tokenizer))
    var found: [(String, FinishReason?)] = []
    for first in stride(from: 0, to: count, by: 500) {
      let size = min(500, count - first)
      var batch = try model.generateBatch(
        of: size, sampling: [try Temperature(temperature)], rules: rules, seed: UInt64(first))
      var tokens = [[TokenID]](repeating: [], count: size)
      while let steps = batch.nextSteps() {
        for (index, new) in steps.enumerated() { tokens[index] += new.map(\.token) }
      }
      found += zip(tokens, batch.finishReasons).map { (model.tokenizer.decode($0), $1) }
    }
    return found
  }

  /// Swift's own regular expressions are the oracle.
  @Test(
    "A regular expression holds in 10,000 texts",
    arguments: [
      "[a-z]+( [a-z]+){2}\\.", "(the|a) (sea|bell)( was)?", "\\w{3,5}", "(?:ab|ba)*c", "[^e\\n]{6}",
      "(.*\\n){2,3}", "a?b?c?d", "([a-c][b-d]|sea){2,}", "\\s?\\S+\\.", "(a|(b|c)*d)+e",
      "\\p{Ll}{2,}(\\u{20}|\\t)\\p{L}", "((a{2,3}b){1,2}c?){2}",
    ])
  func regex(pattern: String) throws {
    // ICU's notation of a scalar's number is the only one that differs.
    let oracle = try Regex(pattern).matchingSemantics(.unicodeScalar)
    var kinds: Set<String> = []
    // The oracle, which is slow, is asked once for each text.
    for (text, reason) in try texts(10_000, [.regex(pattern)]) where kinds.insert(text).inserted {
      let isMatch = try oracle.wholeMatch(in: text) != nil
      #expect(isMatch, "\(text.debugDescription), \(String(describing: reason))")
      if !isMatch { return }
    }
    #expect(kinds.count > 1, "only \(kinds)")
  }

  @Test("All texts of a finite language come, and none else")
  func complete() throws {
    let found = Set(try texts(4000, [.regex("(a|b)c?d{1,2}")], temperature: 50).map(\.text))
    #expect(found == ["ad", "add", "acd", "acdd", "bd", "bdd", "bcd", "bcdd"])
    let words = Set(try texts(500, [.regex("the|sea|")], temperature: 50).map(\.text))
    #expect(words == ["the", "sea", ""])
  }

  @Test("A text that nothing may follow is complete, one that is long enough is not cut short")
  func reasons() throws {
    for (text, reason) in try texts(200, [.regex("[a-c]{4}")]) {
      #expect(text.count == 4 && reason == .complete)
    }
    for (_, reason) in try texts(200, [.regex("[a-c]*")]) {
      #expect(reason == .length || reason == .document)
    }
  }

  @Test(
    "The bound is kept: what must still come fits in", arguments: [9, 10, 11, 30])
  func bound(length: Int) throws {
    for (text, _) in try texts(1000, [.regex("a[a-z ]*the bell")], length: length) {
      #expect(text.count <= length)
      #expect(text.hasPrefix("a") && text.hasSuffix("the bell"), "\(text)")
    }
  }

  @Test("Only some characters, and without some, in 10,000 texts each")
  func sets() throws {
    let only = try ScalarSet("[aeo\\ ]", option: "--only")
    for (text, _) in try texts(10_000, [.only(only)]) {
      if !text.allSatisfy({ "aeo ".contains($0) }) {
        Issue.record("\(text)")
      }
    }
    let without = try ScalarSet("[eE]", option: "--without")
    for (text, _) in try texts(10_000, [.without(without)]) where text.contains("e") {
      Issue.record("\(text)")
    }
    let both = try texts(500, [.only(only), .without(without)])
    #expect(both.allSatisfy { $0.text.allSatisfy { "ao ".contains($0) } })
  }

  @Test("Only words of a list, in 10,000 texts")
  func words() throws {
    let list = ["sea", "seas", "a", "calm", "isn't", "it", "Grey", "t"]
    let allowed: Set = ["sea", "seas", "a", "calm", "it", "Grey", "t"]
    var found: Set<String> = []
    for (text, _) in try texts(10_000, [.words(list, source: "list")]) {
      for word in text.split(whereSeparator: { !$0.isLetter }).map(String.init) {
        if !allowed.contains(word) { Issue.record("\(word) in \(text)") }
        found.insert(word)
      }
    }
    // The model has neither the apostrophe nor a capital.
    #expect(found == ["sea", "seas", "a", "calm", "it", "t"])
  }

  @Test(
    "Small words have capitals too, words with capitals only their own, and marks may be inside")
  func wordForms() throws {
    let folder = try StorageTestFolder()
    let settings = try SmallRuns.settings(size: 8, steps: 2)
    let corpus = try SmallTexts.file(String(repeating: "aAbB'- \n", count: 200))
    try SmallRuns.train(settings, in: folder.path("run"), corpus: [corpus])
    let model = try TextModel(contentsOf: folder.path("run"))
    let found = try texts(
      3000, [.words(["ab", "bA", "b'a"], source: "list")], temperature: 50, of: model)
    var words: Set<String> = []
    for (text, _) in found {
      for word in text.split(whereSeparator: { " -\n".contains($0) }) {
        words.insert(String(word.drop { $0 == "'" }))
      }
    }
    for word in ["ab", "Ab", "AB", "bA", "b'a", "B'a", "B'A"] { #expect(words.contains(word)) }
    for word in ["aB", "ba", "BA", "a", "b", "A", "B"] { #expect(!words.contains(word)) }
  }

  @Test("A text that must be included is, in 10,000 texts, wherever it comes")
  func including() throws {
    var places: Set<Int> = []
    for (text, _) in try texts(10_000, [.including("a bell")], length: 16) {
      guard let range = text.firstRange(of: "a bell") else {
        Issue.record("\(text)")
        return
      }
      places.insert(text.distance(from: text.startIndex, to: range.lowerBound))
    }
    #expect(places.contains(10), "at the latest at the end")
    for (text, _) in try texts(2000, [.including("sea"), .including("calm"), .including("alma")]) {
      #expect(text.contains("sea") && text.contains("calm") && text.contains("alma"), "\(text)")
    }
  }

  @Test("Two at once, in 10,000 texts each")
  func together() throws {
    let sentence = try Regex("[a-z ]+\\.")
    for (text, _) in try texts(10_000, [.regex("[a-z ]+\\."), .including("sea")]) {
      let isMatch = try sentence.wholeMatch(in: text) != nil
      if !isMatch || !text.contains("sea") { Issue.record("\(text)") }
    }
    let without = try ScalarSet("[s]", option: "--without")
    let list = ["sea", "seas", "a", "calm", "it", "the"]
    for (text, _) in try texts(10_000, [.words(list, source: "list"), .without(without)]) {
      let words = text.split { !$0.isLetter }.map(String.init)
      if !Set(words).isSubset(of: ["a", "calm", "it", "the"]) { Issue.record("\(text)") }
    }
    let only = try ScalarSet("[a-e\\ ]", option: "--only")
    for (text, _) in try texts(10_000, [.only(only), .regex("([a-z]{2} )+")]) {
      let pairs = text.split(separator: " ", omittingEmptySubsequences: false)
      let isGood =
        pairs.count > 1 && pairs.last == ""
        && pairs.dropLast().allSatisfy { $0.count == 2 && $0.allSatisfy { "abcde".contains($0) } }
      if !isGood { Issue.record("\(text.debugDescription)") }
    }
  }

  @Test("A stop text comes only where the constraints are satisfied, and is not written")
  func stops() throws {
    let found = try texts(
      2000, [.including("sea")], length: 40, temperature: 1.5, stops: [" ", "as"])
    for (text, _) in found {
      #expect(text.contains("sea") && !text.contains(" ") && !text.contains("as"), "\(text)")
    }
    #expect(found.contains { $0.reason == .stop })
    // They may be of characters that the constraints exclude, and begin alike.
    let pattern = "(sea|bell)+"
    let ended = try texts(
      2000, [.regex(pattern)], length: 30, stops: ["bells", "\n", " a", "be bell"])
    for (text, _) in ended {
      #expect(try Regex(pattern).wholeMatch(in: text) != nil, "\(text)")
      #expect(!text.contains("bells"), "\(text)")
    }
    #expect(ended.contains { $0.reason == .stop })
    #expect(ended.contains { $0.text.hasSuffix("seabell") })
  }

  @Test("A stop text of several pieces is whole before the bound", arguments: [3, 4, 5])
  func boundedStops(length: Int) throws {
    for (text, reason) in try texts(
      500, [.regex("abc|ab")], length: length, temperature: 50, stops: ["lm"])
    {
      #expect(["ab", "abc"].contains(text), "\(text)")
      #expect(reason != .stop || text.count + 2 <= length)
    }
  }

  @Test("Stop texts and lengths that leave nothing are refused, with both names")
  func exclusiveEnds() throws {
    #expect(throws: ConstraintError.exclusive(names: ["--must-include", "--stop"])) {
      try TokenAutomaton([.including("sea")], stops: ["e"], tokenizer: model.tokenizer)
    }
    let automaton = try TokenAutomaton([.regex("(ab)*")], tokenizer: model.tokenizer)
    for (least, most) in [(3, 3), (5, 5)] {
      let error = #expect(throws: SamplingError.self) {
        try WritingRules(maximumCount: most, minimumCount: least, constraints: automaton)
      }
      #expect(error?.description.hasPrefix("--min-tokens and --regex cannot be given") == true)
    }
    #expect(throws: SamplingError.self) {
      try WritingRules(
        minimumCount: 4,
        constraints: TokenAutomaton([.regex("a{1,3}")], tokenizer: model.tokenizer))
    }
    #expect(throws: SamplingError.self) { try WritingRules(stops: ["e"], constraints: automaton) }
  }

  @Test("Constraints write no less than the least length, where that is possible")
  func leastLengths() throws {
    let lengths = "a{2}|e{7}|s{11}|(lb){20,}"
    let sevens = try texts(300, [.regex(lengths)], length: 10, temperature: 50, minimum: 3)
    #expect(Set(sevens.map(\.text)) == ["eeeeeee"])
    let pairs = try texts(300, [.regex("(ab)*")], length: 4, temperature: 50, minimum: 3)
    #expect(Set(pairs.map(\.text)) == ["abab"])
    let found = try texts(
      500, [.only(ScalarSet("[a-z]", option: "--only")), .including("sea")], length: 30,
      temperature: 1.5, minimum: 12, stops: [" "])
    for (text, _) in found {
      #expect(text.count >= 12 && text.contains("sea") && !text.contains(" "), "\(text)")
    }
    #expect(found.contains { $0.reason == .stop })
  }

  @Test(
    "Units of any kind: bytes, words and what is spelled in bytes",
    arguments: ["byte", "word", "grapheme", "codepoint"])
  func units(unit: String) throws {
    let folder = try StorageTestFolder()
    var settings = try SmallRuns.settings(size: 8, steps: 2)
    settings.data.segmenter = try SegmenterRegistry.builtIn.segmenter(named: unit, locale: "")
    if unit == "codepoint" { settings.data.vocabulary.maximumUnitCount = 6 }
    try SmallRuns.train(settings, in: folder.path("run"))
    let model = try TextModel(contentsOf: folder.path("run"))
    let constraints: [TextConstraint] = [
      .including("水 é"), .regex("[a-c é水\\u{1F600}-\\u{1F64F}]+"),
    ]
    for (text, _) in try texts(500, constraints, length: 30, of: model) {
      #expect(text.contains("水 é"), "\(text)")
      #expect(!text.unicodeScalars.contains("\u{FFFD}"), "\(text)")
      let isMatch = try Regex("[a-c é水\\u{1F600}-\\u{1F64F}]+").wholeMatch(in: text) != nil
      #expect(isMatch, "\(text)")
    }
  }

  @Test("What cannot be is refused with the reason")
  func refused() throws {
    func error(_ constraints: [TextConstraint]) throws -> ConstraintError? {
      #expect(throws: ConstraintError.self) {
        try TokenAutomaton(constraints, tokenizer: model.tokenizer)
      }
    }
    let lacking = "the model lacks characters that it needs: "
    #expect(
      try error([.including("the 水 the 字 the 水")])
        == .lacking(name: "--must-include", reason: lacking + "'水', '字'"))
    #expect(
      try error([.regex("a*([0-9]+|水)b|é?Ω")])
        == .lacking(name: "--regex", reason: lacking + "one of '0' to '9', '水', 'Ω'"))
    #expect(
      try error([.regex("水*")])
        == .lacking(
          name: "--regex",
          reason: "without characters that the model lacks it allows only the empty text: '水'"))
    #expect(
      try error([.only(ScalarSet("[0-9]", option: "--only"))])
        == .lacking(
          name: "--only", reason: "the model's vocabulary has no character of its set"))
    #expect(
      try error([.without(ScalarSet("[^0-9]", option: "--without"))])
        == .lacking(
          name: "--without", reason: "its set has all characters of the model's vocabulary"))
    let empty: [(TextConstraint, String)] = [
      (
        .only(try ScalarSet("[]", option: "--only")),
        "--only cannot be satisfied: its set is empty"
      ),
      (
        .without(try ScalarSet("[:any:]", option: "--without")),
        "--without cannot be satisfied: its set has every character"
      ),
      (.regex(""), "--regex cannot be satisfied: its pattern is empty"),
      (.regex("a{0}()"), "--regex cannot be satisfied: its pattern allows only the empty text"),
      (.regex("[^\\s\\S]"), "--regex cannot be satisfied: no text at all does"),
    ]
    for (constraint, message) in empty {
      #expect(try error([constraint])?.description.hasPrefix(message) == true)
    }
    #expect(
      try error([.words(["calm"], source: "list"), .including("sea")])
        == .exclusive(names: ["--words", "--must-include"]))
    #expect(
      try error([.words(["xyz"], source: "list"), .including("sea")])
        == .lacking(
          name: "--words",
          reason: "1 of 1 words of list cannot be written: the model lacks 'x', 'z'"))
    let words = TextConstraint.words(["sea", "", "水", "zoo"], source: "list")
    #expect(
      words.unwritableWords(model.tokenizer)
        == UnwritableWords(source: "list", wordCount: 3, count: 2, lacking: ["水", "z"]))
    #expect(TextConstraint.words(["sea"], source: "x").unwritableWords(model.tokenizer) == nil)
    #expect(try error([.words(["", ""], source: "list")]) == .noWords(source: "list"))
    let rules = try WritingRules(
      maximumCount: 5,
      constraints: TokenAutomaton([.including("a bell")], tokenizer: model.tokenizer))
    #expect(
      throws: ConstraintError.tooShort(names: ["--must-include"], needed: 6, allowed: 5)
    ) { try model.generate(rules: rules) }
  }

  @Test("Of a long expression the error shows the part around the place, which counts from 1")
  func longPattern() throws {
    let pattern = String(repeating: "水", count: 50_000) + "(b" + String(repeating: "c", count: 9000)
    let error = #expect(throws: ConstraintError.self) {
      try TokenAutomaton([.regex(pattern)], tokenizer: model.tokenizer)
    }
    let around = String(repeating: "水", count: 30) + "(b" + String(repeating: "c", count: 28)
    #expect(
      error?.description
        == "the regular expression \"…\(around)…\" cannot be read at character 50001: a ( without "
        + "its )")
  }

  @Test(
    "Whether a part of a text can end is known of constraints",
    arguments: [
      (.line, "[a-z]+", false), (.line, "a|[a-z]b", false), (.line, "(.|\\n)+", true),
      (.paragraph, "[a-z]+", false), (.sentence, "[a-z]+", false), (.sentence, "[a-z\\n]+", false),
      (.sentence, "[a-z]+\\. [a-z]+", true), (.document, "[a-z]+", true),
    ] as [(TextPart, String, Bool)])
  func partEnds(part: TextPart, pattern: String, isPossible: Bool) throws {
    let automaton = try TokenAutomaton([.regex(pattern)], tokenizer: model.tokenizer)
    #expect(try automaton.allowsEnd(of: part, model.tokenizer.vocabulary) == isPossible)
  }

  @Test(
    "Expressions that cannot be read say where",
    arguments: [
      ("a)", 1), ("(a", 0), ("b(a(c)", 1), ("*a", 0), ("a**", 2), ("[a", 0), ("b[a-", 1),
      ("a{3,2}", 6), ("a{x}", 2),
      ("a{2000}", 5), ("\\q", 1), ("^a", 0), ("a$", 1), ("(?=a)", 2), ("[z-a]", 4), ("\\", 1),
      ("\\p{Nonsense}", 12), ("[[a]", 1), ("\\u{110000}", 10), ("\\1", 1),
    ] as [(String, Int)])
  func unreadable(pattern: String, offset: Int) throws {
    let error = #expect(throws: ConstraintError.self) {
      try TokenAutomaton([.regex(pattern)], tokenizer: model.tokenizer)
    }
    guard case .pattern(_, let found, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found == offset, "\(String(describing: error))")
  }
}
