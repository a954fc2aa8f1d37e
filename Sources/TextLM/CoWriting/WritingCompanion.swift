#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A model that reads a text while a person writes it, and proposes how it goes on.
///
/// Only what is new is read; where the text was changed it goes back to a place before, of which it
/// keeps some.
package struct WritingCompanion {
  /// Tokens between the places that are kept, and how many of them are.
  private static let stride = 32
  private static let placeLimit = 32
  /// The most tokens of a word.
  private static let wordLimit = 24

  /// A place that can be gone back to.
  private struct Place {
    let count: Int
    let reader: any NextTokenReader
    let logits: [Float]
  }

  private let model: TextModel
  private let precision: ComputePrecision
  private let wordPlaces: WordPlaces
  private var places: [Place] = []
  private var reader: any NextTokenReader
  /// The tokens that were read, and those of the whole text.
  private var tokens: [TokenID] = []
  private var wanted: [TokenID] = []
  /// What each token cost.
  private var nats: [Double] = []
  private var logits: [Float]

  /// Throws `ConstraintError.backward` for a model that writes from the end, and `TextError` when ICU
  /// cannot tell letters.
  package init(_ model: TextModel, precision: ComputePrecision) throws {
    guard model.configuration.direction == .forward else {
      throw ConstraintError.backward(name: "textlm write")
    }
    self.model = model
    self.precision = precision
    wordPlaces = try WordPlaces(model.tokenizer.vocabulary)
    reader = model.languageModel.reader(precision: precision)
    logits = reader.logits(after: [Vocabulary.boundary])
  }

  /// Tokens of the text, and how many of them were read.
  package var tokenCount: Int { wanted.count }
  package var readCount: Int { tokens.count }

  /// Takes the text as it is now. Of what was read stays what is the same; the rest is for `readOn`.
  package mutating func begin(_ text: String) {
    wanted = model.tokens(of: text)
    let common = zip(wanted, tokens).prefix { $0 == $1 }.count
    if common < tokens.count { goBack(to: common) }
  }

  /// Reads the text as it is now to its end.
  package mutating func read(_ text: String) {
    begin(text)
    readOn(wanted.count)
  }

  /// Reads on by so many tokens, as far as there are any.
  package mutating func readOn(_ count: Int) {
    for token in wanted[tokens.count...].prefix(count) {
      if tokens.count.isMultiple(of: Self.stride), places.last?.count != tokens.count {
        places.append(Place(count: tokens.count, reader: reader.branch(), logits: logits))
        if places.count > Self.placeLimit { places.removeFirst() }
      }
      nats.append(TokenCost.nats(of: token, in: logits))
      logits = reader.logits(after: [token])
      tokens.append(token)
    }
  }

  private mutating func goBack(to count: Int) {
    while let last = places.last, last.count > count { places.removeLast() }
    if let place = places.last {
      reader = place.reader.branch()
      logits = place.logits
    } else {
      reader = model.languageModel.reader(precision: precision)
      logits = reader.logits(after: [Vocabulary.boundary])
    }
    let kept = places.last?.count ?? 0
    tokens.removeSubrange(kept...)
    nats.removeSubrange(kept...)
  }

  /// A text by the model that goes on behind the one that was read, without reading it again.
  ///
  /// Throws as `TextModel.generate` with rules does.
  package func continuation(
    sampling: [any LogitsProcessor], rules: WritingRules, seed: UInt64
  ) throws -> TextGenerator {
    let course = try model.course(model.sampler(sampling, seed: seed, tokens), rules)
    // The last place is in front of the last token at the latest: something is left to read.
    if let place = places.last(where: { $0.count < tokens.count }) {
      return TextGenerator(
        reader: place.reader.branch(), unread: Array(tokens[place.count...]), course: course)
    }
    return TextGenerator(
      reader: model.languageModel.reader(precision: precision),
      unread: [Vocabulary.boundary] + tokens, course: course)
  }

  /// What each character of the text that was read cost, in nats; nothing when the model reads the text
  /// in another form than it has.
  package func surprisals(of text: String) -> [Double] {
    var decoder = StreamingDecoder(vocabulary: model.tokenizer.vocabulary)
    var costs: [Double] = []
    var decoded: [Unicode.Scalar] = []
    var open = 0.0
    for (token, cost) in zip(tokens, nats) {
      let scalars = decoder.decode(token).unicodeScalars
      open += cost
      guard !scalars.isEmpty else { continue }
      costs += [Double](repeating: open / Double(scalars.count), count: scalars.count)
      decoded += scalars
      open = 0
    }
    // What the model does not know is read as U+FFFD.
    guard decoded.count == text.unicodeScalars.count,
      zip(decoded, text.unicodeScalars).allSatisfy({ $0 == $1 || $0 == "\u{FFFD}" })
    else { return [] }
    var rest = costs[...]
    return text.map { character in
      let own = rest.prefix(character.unicodeScalars.count)
      rest = rest.dropFirst(own.count)
      return own.reduce(0, +)
    }
  }

  /// The likeliest next characters, the likeliest first.
  package func characters(_ count: Int) -> [WritingSuggestion] {
    likeliest(count, logits).map { token, probability in
      WritingSuggestion(text: model.tokenizer.decode([token]), probability: probability)
    }
  }

  /// Next words, or the rest of the present one: the likeliest ways on from the likeliest characters,
  /// each to the end of a word.
  package func words(_ count: Int) -> [WritingSuggestion] {
    let firsts = likeliest(count, logits)
    guard !firsts.isEmpty else { return [] }
    var paths = firsts.map { (tokens: [$0.token], probability: $0.probability, isWhole: false) }
    let reader = reader.branch()
    var rows = reader.logits(
      after: firsts.map(\.token), origins: [Int](repeating: 0, count: firsts.count))
    for _ in 1..<Self.wordLimit {
      for index in paths.indices where !paths[index].isWhole {
        guard let next = likeliest(1, rows[index]).first else { continue }
        let before = Array(tokens.suffix(2)) + paths[index].tokens
        if !wordPlaces.isWordStart(after: before),
          wordPlaces.isWordStart(after: before + [next.token])
        {
          paths[index].isWhole = true
        } else {
          paths[index].tokens.append(next.token)
          paths[index].probability *= next.probability
        }
      }
      if paths.allSatisfy(\.isWhole) { break }
      rows = reader.logits(
        after: paths.map { $0.tokens[$0.tokens.count - 1] }, origins: Array(paths.indices))
    }
    var seen: Set<[TokenID]> = []
    return paths.filter { $0.isWhole && seen.insert($0.tokens).inserted }
      .sorted { $0.probability > $1.probability }
      .map {
        WritingSuggestion(text: model.tokenizer.decode($0.tokens), probability: $0.probability)
      }
  }

  /// The likeliest tokens that are characters by themselves.
  private func likeliest(
    _ count: Int, _ logits: [Float]
  ) -> [(token: TokenID, probability: Double)] {
    let vocabulary = model.tokenizer.vocabulary
    let order = logits.indices.sorted { (-logits[$0], $0) < (-logits[$1], $1) }
    var found: [(token: TokenID, probability: Double)] = []
    for index in order where found.count < count {
      switch vocabulary.kind(of: TokenID(index)) {
      case .boundary, .unknown: continue
      case .byte(let byte) where byte >= 0x80: continue
      case .unit, .byte:
        let nats = TokenCost.nats(of: TokenID(index), in: logits)
        found.append((TokenID(index), exp(-nats)))
      }
    }
    return found
  }
}
