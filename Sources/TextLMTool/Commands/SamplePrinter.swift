import ArgumentParser
import TextLM

/// How `generate` prints.
enum WritingFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  case json
  case jsonl
}

/// Prints texts in their order while they are written side by side: the first that is not whole as
/// it comes, the others when it is their turn.
struct SamplePrinter {
  let prompt: String
  let model: TextModel
  private var sampleCount: Int
  let format: WritingFormat
  let isRaw: Bool
  let notes: NoteOptions

  /// Texts that were printed whole.
  private var printedCount = 0

  init(
    prompt: String, model: TextModel, sampleCount: Int, format: WritingFormat, isRaw: Bool,
    notes: NoteOptions
  ) {
    self.prompt = prompt
    self.model = model
    self.sampleCount = sampleCount
    self.format = format
    self.isRaw = isRaw
    self.notes = notes
  }

  /// A text while it is written.
  private struct Sample {
    var tokens: [WrittenToken] = []
    /// Tokens that were printed.
    var printedCount = 0
    var hasBegun = false
    var start: ContinuousClock.Instant?
    var tokensPerSecond = 0.0
    /// What the text was drawn with, if it was.
    var seed: UInt64?
    /// What the text was ranked by, if it was.
    var score: Double?

    var nats: Double { tokens.reduce(0) { $0 + $1.nats } }

    /// The first token comes with the reading of the prompt, which is not the speed of writing.
    mutating func append(_ steps: [WrittenToken], at now: ContinuousClock.Instant) {
      guard !steps.isEmpty else { return }
      tokens += steps
      guard let start else {
        start = now
        return
      }
      let seconds = (now - start) / .seconds(1)
      if seconds > 0 { tokensPerSecond = Double(tokens.count - 1) / seconds }
    }
  }

  // What a backward model writes is in front of the prompt, and known only when it is done.
  private var isBackward: Bool { model.configuration.direction == .backward }

  /// Writes all texts of a batch, the first of which has this seed.
  mutating func write(_ batch: inout TextBatch, seed: UInt64) throws {
    let clock = ContinuousClock()
    var samples = batch.finishReasons.indices.map { Sample(seed: seed &+ UInt64($0)) }
    var current = 0
    var steps: [[WrittenToken]]? = []
    repeat {
      let now = clock.now
      for (index, tokens) in (steps ?? []).enumerated() { samples[index].append(tokens, at: now) }
      let reasons = batch.finishReasons
      while current < samples.count {
        try show(&samples[current])
        guard let reason = reasons[current] else { break }
        try end(samples[current], reason)
        samples[current] = Sample()
        current += 1
      }
      steps = batch.nextSteps()
    } while steps != nil
  }

  /// Writes the best of ranked texts, so many at most; `rank` is timed.
  mutating func write(best count: Int, _ rank: () throws -> [RankedText]) throws {
    let clock = ContinuousClock()
    let start = clock.now
    let ranked = try rank()
    let tokenCount = ranked.reduce(0) { $0 + $1.tokens.count }
    let seconds = (clock.now - start) / .seconds(1)
    sampleCount = min(count, ranked.count)
    if sampleCount < count {
      notes.note(
        "warning: \(sampleCount) of the \(count) texts: within the length and the constraints the "
          + "beam found no other")
    }
    for text in ranked.prefix(count) {
      var sample = Sample(tokens: text.tokens, seed: text.seed)
      sample.tokensPerSecond = seconds > 0 ? Double(tokenCount) / seconds : 0
      sample.score = text.score
      try show(&sample)
      try end(sample, text.finishReason)
    }
  }

  /// Prints what is new in a text.
  private func show(_ sample: inout Sample) throws {
    if format == .text, !sample.hasBegun {
      if printedCount > 0 { try Console.standardOutput("\n\n") }
      if sampleCount > 1 { try Console.standardOutput("--- \(printedCount + 1) ---\n") }
      if !isBackward { try Console.standardOutput(untrusted: prompt, isRaw: isRaw) }
    }
    sample.hasBegun = true
    let new = sample.tokens[sample.printedCount...]
    switch format {
    case .text where !isBackward:
      try Console.standardOutput(untrusted: new.map(\.text).joined(), isRaw: isRaw)
    case .jsonl:
      for (offset, token) in new.enumerated() {
        let row = row(token, at: sample.printedCount + offset, of: sample)
        try Console.standardOutput(try row.text() + "\n")
      }
    case .text, .json: break
    }
    sample.printedCount = sample.tokens.count
  }

  /// Prints what is known of a whole text only.
  private mutating func end(_ sample: Sample, _ reason: FinishReason) throws {
    let text = model.text(of: sample.tokens)
    printedCount += 1
    guard format == .text else {
      var object: JSONObject = [
        "prompt": JSONValue(prompt), "text": JSONValue(text),
        "tokens": JSONValue(sample.tokens.count), "nats": JSONValue(sample.nats),
        "tokens_per_second": JSONValue(sample.tokensPerSecond),
        "finish_reason": JSONValue(reason.rawValue),
      ]
      for member in origin(of: sample, number: printedCount).members {
        object.append(member.key, member.value)
      }
      if let score = sample.score { object.append("score", JSONValue(score)) }
      // With jsonl they have been printed as they came.
      if format == .json {
        object.append(
          "characters", .array(sample.tokens.map { .object(character($0)) }))
      }
      return try Console.standardOutput(
        JSONValue.object(object).text(nonFinite: .null) + "\n")
    }
    if isBackward { try Console.standardOutput(untrusted: text + prompt, isRaw: isRaw) }
    if printedCount == sampleCount { try Console.standardOutput("\n") }
    if notes.verbose {
      let count = sample.tokens.count
      notes.note(
        "\(count) tokens, \(Numbers.fixed(count > 0 ? sample.nats / Double(count) : 0, 3)) nats "
          + "each, \(Numbers.rate(sample.tokensPerSecond)) a second")
    }
  }

  /// Which text it is, from 1, and what it was drawn with; null for one that was not drawn.
  private func origin(of sample: Sample, number: Int) -> JSONObject {
    ["sample": JSONValue(number), "seed": sample.seed.map { JSONValue($0) } ?? .null]
  }

  /// The row of a token of the text that is being printed.
  private func row(_ token: WrittenToken, at index: Int, of sample: Sample) -> JSONValue {
    var object = origin(of: sample, number: printedCount + 1)
    object.append("index", JSONValue(index))
    for member in character(token).members { object.append(member.key, member.value) }
    return .object(object)
  }

  /// What is told of a token: its text, its cost, and where it was asked for its rank and what else could
  /// have come.
  private func character(_ token: WrittenToken) -> JSONObject {
    var object: JSONObject = [
      "text": JSONValue(model.tokenizer.text(of: token.token)), "nats": JSONValue(token.nats),
    ]
    if let place = token.place {
      object.append("rank", JSONValue(place.rank))
      let alternatives = place.alternatives.map { alternative -> JSONValue in
        [
          "text": JSONValue(model.tokenizer.text(of: alternative.token)),
          "nats": JSONValue(alternative.nats),
        ]
      }
      object.append("alternatives", .array(alternatives))
    }
    return object
  }
}
