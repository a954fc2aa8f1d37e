/// What is found out about a text when it is read for the first time.
struct CorpusSurvey {
  private let sourceName: String
  private(set) var byteCount = 0
  private(set) var sha256 = ""
  private(set) var characterCount = 0
  private(set) var documentCount = 0
  private(set) var textByteCount = 0
  private(set) var notices: [String] = []

  init(sourceName: String) {
    self.sourceName = sourceName
  }

  /// Reads everything; returns the rules with the encoding that was found.
  mutating func read(_ source: CorpusSource, _ rules: ReadingRules) throws -> ReadingRules {
    // Whatever is to be done about wrong bytes, they first mean that the guess is another encoding.
    var first = rules
    if rules.encoding == .automatic { first.invalidBytes = .error }
    do {
      return try count(source, first, rules)
    } catch TextError.invalidBytes(let name, let encoding, let offset, let line)
      where rules.encoding == .automatic && encoding == "UTF-8"
    {
      let guess = try EncodingGuess(
        samples: samples(of: source, around: offset), source: sourceName)
      guard guess.encoding != "UTF-8" || rules.invalidBytes != .error else {
        // UTF-8 with damage.
        throw TextError.invalidBytes(
          source: name, encoding: encoding, byteOffset: offset, line: line)
      }
      self = CorpusSurvey(sourceName: sourceName)
      notices = [
        "\(sourceName): not UTF-8; taken for \(guess.encoding), of which ICU's detector is "
          + "\(guess.confidence) % sure"
      ]
      var guessed = rules
      guessed.encoding = .named(guess.encoding)
      return try count(source, guessed, guessed)
    }
  }

  private mutating func count(
    _ source: CorpusSource, _ rules: ReadingRules, _ wanted: ReadingRules
  ) throws -> ReadingRules {
    let digest = Digest()
    var reader = TextReader(
      rules, source: sourceName,
      nextBytes: try source.content(path: sourceName, observing: digest.add))
    while let passage = try reader.next() {
      characterCount += passage.text.characterCount
      textByteCount += passage.text.bytes.count
      documentCount += passage.startsDocument ? 1 : 0
    }
    byteCount = digest.byteCount
    sha256 = digest.hash.hexDigest
    if let encoding = reader.encoding, encoding != "UTF-8", notices.isEmpty {
      notices.append(
        "\(sourceName): read as \(encoding)"
          + (reader.hadByteOrderMark ? ", which its byte-order mark says" : ""))
    }
    let notice = Self.notice(
      ofInvalid: reader.invalidCount, encoding: reader.encoding ?? "text", rules.invalidBytes,
      source: sourceName)
    if let notice { notices.append(notice) }
    var found = wanted
    if let encoding = reader.encoding, found.encoding == .automatic {
      found.encoding = .named(encoding)
    }
    return found
  }

  /// What is told of pieces that were no text; nil where there are none.
  static func notice(
    ofInvalid count: Int, encoding: String, _ rule: InvalidBytes, source: String
  ) -> String? {
    guard count > 0 else { return nil }
    let done = rule == .skip ? "left out" : "replaced by U+FFFD"
    return "\(source): \(count) pieces were no \(encoding) and were \(done)"
  }

  /// The start, the middle and the end of the content, and what lies around `offset`.
  private func samples(of source: CorpusSource, around offset: Int) throws -> [[UInt8]] {
    var total = 0
    try forEachChunk(of: source) { total += $0.count }
    let size = EncodingGuess.sampleSize
    // At multiples of 4, so that wide units stay whole.
    let starts = [0, total / 2, total - size, offset - size / 2].map { max(0, $0) & ~3 }
    var samples = [[UInt8]](repeating: [], count: starts.count)
    var position = 0
    try forEachChunk(of: source) { chunk in
      for (index, start) in starts.enumerated() {
        let from = max(start, position)
        let to = min(start + size, position + chunk.count)
        if from < to { samples[index] += chunk[from - position..<to - position] }
      }
      position += chunk.count
    }
    return samples
  }

  private func forEachChunk(of source: CorpusSource, _ body: ([UInt8]) -> Void) throws {
    let next = try source.content(path: sourceName)
    while true {
      let chunk = try next()
      if chunk.isEmpty { return }
      body(chunk)
    }
  }

  /// Hashes and counts bytes as they pass.
  private final class Digest {
    var hash = SHA256()
    var byteCount = 0

    func add(_ bytes: [UInt8]) {
      hash.update(bytes)
      byteCount += bytes.count
    }
  }
}
