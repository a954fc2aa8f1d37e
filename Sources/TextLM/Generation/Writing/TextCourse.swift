/// One text on its way: draws its tokens, turns them into characters and knows when it ends.
///
/// Tokens come out in the order in which they went in, those that may belong to a stop text only
/// when it is known that they do not. So what comes out is the text, with its tokens and its cost.
struct TextCourse: Sendable {
  /// Why the text ended; nil while it goes on.
  private(set) var finishReason: FinishReason?

  private let rules: WritingRules
  private var sampler: Sampler
  private var decoder: StreamingDecoder
  private var stopWatcher: StopWatcher?
  private var partWatcher: PartWatcher?

  /// A token that was drawn, and where its text lies.
  private struct Held {
    var token: WrittenToken
    let start: Int
    let end: Int
    /// Whether the text in front of it satisfies the constraints.
    let mayEndBefore: Bool
  }

  private var held: [Held] = []
  private var released: [WrittenToken] = []
  /// Tokens that were drawn, and bytes of their text.
  private var (drawnCount, byteCount) = (0, 0)
  /// Where the text is among its constraints.
  private var constraints: ConstraintCourse
  /// The end of the text, the prompt included, that stands in the text not to be copied.
  private var match = CopyMatch()

  /// A text that ends as the rules say; `partWatcher` finds the end of their part.
  init(
    _ sampler: Sampler, _ rules: WritingRules = .none, partWatcher: PartWatcher? = nil,
    vocabulary: Vocabulary
  ) {
    self.sampler = sampler
    self.rules = rules
    decoder = StreamingDecoder(vocabulary: vocabulary)
    stopWatcher = rules.stops.isEmpty ? nil : StopWatcher(rules.stops)
    self.partWatcher = partWatcher
    constraints = ConstraintCourse(rules)
    if let limit = rules.copyLimit {
      for token in sampler.context.tokens { match.append(token, limit.index, limit: limit.count) }
    }
    if rules.maximumCount == 0 { finishReason = .length }
  }

  /// Draws the next token, which is to be read next, or ends the text. Requires one that goes on.
  mutating func next(_ logits: [Float]) -> TokenID? {
    guard let allowed = allowed(logits) else { return nil }
    let token = sampler.next(allowed)
    return append(token, logits) ? token : nil
  }

  /// The logits with all excluded that may not come next; nil where nothing may, which ends the text.
  mutating func allowed(_ logits: [Float]) -> [Float]? {
    var allowed = logits
    let remaining = rules.maximumCount.map { $0 - drawnCount }
    guard
      constraints.mask(
        &allowed, drawnCount: drawnCount, remainingCount: remaining)
    else {
      end(.complete)
      return nil
    }
    // The place of the unknown has no text; everything else may come.
    allowed[Int(Vocabulary.unknown)] = -.infinity
    if drawnCount < rules.minimumCount { allowed[Int(Vocabulary.boundary)] = -.infinity }
    if let limit = rules.copyLimit {
      limit.mask(&allowed, after: match)
      guard allowed.contains(where: { $0 > -.infinity }) else {
        end(.copying)
        return nil
      }
    }
    return allowed
  }

  /// Adds a token that was chosen by `logits`; whether the text goes on. Requires one that does.
  mutating func append(_ token: TokenID, _ logits: [Float]) -> Bool {
    guard token != Vocabulary.boundary else {
      end(.document)
      return false
    }
    let mayEndBefore = constraints.mayEnd
    constraints.append(token, drawnCount: drawnCount)
    if let limit = rules.copyLimit { match.append(token, limit.index, limit: limit.count) }
    drawnCount += 1
    let written = WrittenToken(
      token, text: decoder.decode(token), logits: logits, alternativeCount: rules.alternativeCount)
    guard rules.watchesText else {
      released.append(written)
      if drawnCount == rules.maximumCount { finishReason = .length }
      return finishReason == nil
    }
    let start = byteCount
    byteCount += written.text.utf8.count
    held.append(
      Held(token: written, start: start, end: byteCount, mayEndBefore: mayEndBefore))
    watch(UTF8Text(written.text))
    if finishReason == nil, drawnCount == rules.maximumCount { end(.length) }
    return finishReason == nil
  }

  /// The tokens that have come out since the last call.
  mutating func takeReleased() -> [WrittenToken] {
    defer { released.removeAll(keepingCapacity: true) }
    return released
  }

  /// What remains of a character that has begun and was not ended.
  mutating func finish() -> String {
    decoder.finish()
  }

  private mutating func watch(_ text: UTF8Text) {
    stopWatcher?.append(text)
    partWatcher?.append(text)
    var ends = (stopWatcher?.ends ?? []).map { (place: $0, reason: FinishReason.stop) }
    if let end = partWatcher?.end { ends.append((end, .until)) }
    ends.sort { $0.place < $1.place }
    if let first = ends.first(where: { mayEnd(at: $0.place) }) {
      release(before: first.place)
      // A token that the end cuts in two is a part of the text with its first part.
      if let cut = held.first, cut.start < first.place {
        var token = cut.token
        token.text = String(
          decoding: cut.token.text.utf8.prefix(first.place - cut.start), as: UTF8.self)
        released.append(token)
      }
      held.removeAll()
      finishReason = first.reason
    } else {
      release(before: min(stopWatcher?.releasedCount ?? .max, partWatcher?.releasedCount ?? .max))
    }
  }

  /// Whether the text is long enough to end in front of a byte, and satisfies the constraints there.
  private func mayEnd(at place: Int) -> Bool {
    let dropped = held.drop { $0.start < place }
    guard drawnCount - dropped.count >= rules.minimumCount else { return false }
    // Within a token nobody knows.
    let isCut = held.contains { $0.start < place && $0.end > place }
    return constraints.isFree || !isCut && dropped.first?.mayEndBefore == true
  }

  /// Lets go of tokens whose characters lie before a byte. The bytes of a character go with it.
  private mutating func release(before place: Int) {
    let count = held.lastIndex { $0.end <= place && $0.end > $0.start }.map { $0 + 1 } ?? 0
    released += held.prefix(count).map(\.token)
    held.removeFirst(count)
  }

  private mutating func end(_ reason: FinishReason) {
    released += held.map(\.token)
    held.removeAll()
    finishReason = reason
  }
}
