/// What was taken over from a trained model, and what was new.
public struct TransferReport: Sendable, Equatable {
  /// What a run's settings and the training card keep of it.
  public let record: Record
  /// The units that the trained model did not know, the most frequent first.
  public let newUnits: [UTF8Text]
  /// Parameters that were taken.
  public let tensorCount: Int
  /// A difference in what the two models read, worth a word; nil when there is none.
  let difference: String?

  /// The numbers.
  public struct Record: Sendable, Equatable {
    /// How much was taken.
    public var part: Transfer.Part
    /// The trained model's name.
    public var model: String
    /// Units of the new vocabulary that the trained model knew.
    public var matchedUnitCount: Int
    /// Units that it did not know.
    public var newUnitCount: Int
    /// Units that it knew and that are no longer needed.
    public var unusedUnitCount: Int
    /// The part that known units make up of the text that the vocabulary was counted on, from 0 to 1;
    /// nil for a vocabulary that was not counted, of bytes for example.
    public var coverage: Double?
  }

  init(_ transfer: Transfer, tokenizer: Tokenizer, tensorCount: Int) {
    let (new, known) = (tokenizer.vocabulary, transfer.donor.tokenizer.vocabulary)
    let matches = new.matches(in: known)
    // Of a vocabulary of bytes, all tokens but the first two are what texts are made of.
    func tokens(_ vocabulary: Vocabulary) -> Range<Int> {
      vocabulary.unitCount > 0 ? vocabulary.unitTokens : 2..<vocabulary.count
    }
    let units = tokens(new)
    let unknown = units.filter { matches[$0] == nil }
    let used = Set(matches.compactMap { $0.map { Int($0) } })
    var (covered, total) = (0, 0)
    for (token, count) in zip(new.unitTokens, new.counts) {
      total += count
      if matches[token] != nil { covered += count }
    }
    record = Record(
      part: transfer.part, model: transfer.name, matchedUnitCount: units.count - unknown.count,
      newUnitCount: unknown.count,
      unusedUnitCount: tokens(known).count { !used.contains($0) },
      coverage: total > 0 ? Double(covered) / Double(total) : nil)
    newUnits = unknown.compactMap {
      if case .unit(let text) = new.kind(of: TokenID($0)) { text } else { nil }
    }
    self.tensorCount = tensorCount
    let (unit, other) = (
      type(of: tokenizer.segmenter).name, type(of: transfer.donor.tokenizer.segmenter).name
    )
    difference =
      unit.utf8.elementsEqual(other.utf8)
      ? nil
      : "\(transfer.name) reads text by \(other) and the new model by \(unit): with --unit \(other) "
        + "more of it could be used"
  }

  /// A unit as it is, or by its code points where it would not be seen.
  private static func shown(_ unit: UTF8Text) -> String {
    let hasBlanks = unit.string.unicodeScalars.contains {
      $0.properties.isWhitespace || $0.properties.generalCategory == .control
    }
    return hasBlanks
      ? unit.string.unicodeScalars.map { CharacterInfo($0).codePoint }.joined(separator: "+")
      : unit.string
  }

  /// The report in words.
  public var lines: [String] {
    let what = record.part == .model ? "\(tensorCount) tensors" : "the embedding"
    var text =
      "\(what) from \(record.model): it knows \(record.matchedUnitCount) of "
      + "\(record.matchedUnitCount + record.newUnitCount) units"
    if let coverage = record.coverage {
      text += ", \((coverage * 1000).rounded() / 10) % of the text that the vocabulary is of"
    }
    if !newUnits.isEmpty {
      let shown = newUnits.prefix(12).map(Self.shown)
      text += "; new: \(shown.joined(separator: " "))\(newUnits.count > 12 ? " ..." : "")"
    }
    if record.unusedUnitCount > 0 { text += "; \(record.unusedUnitCount) of its own are not used" }
    return [text] + (difference.map { [$0] } ?? [])
  }
}

extension TransferReport.Record {
  /// The JSON of a run's settings.
  var json: JSONValue {
    [
      "part": JSONValue(part.rawValue), "model": JSONValue(model),
      "matched_units": JSONValue(matchedUnitCount), "new_units": JSONValue(newUnitCount),
      "unused_units": JSONValue(unusedUnitCount),
      "coverage": coverage.map { JSONValue($0) } ?? .null,
    ]
  }

  init(_ json: JSONField) throws {
    let counts = 0...Int.max
    let part = try json.string("part")
    guard let known = Transfer.Part(rawValue: part) else {
      throw JSONFieldError.wrongType(
        path: json.path + ".part", expected: "model or embeddings", found: part)
    }
    self.init(
      part: known, model: try json.string("model"),
      matchedUnitCount: try json.int("matched_units", in: counts),
      newUnitCount: try json.int("new_units", in: counts),
      unusedUnitCount: try json.int("unused_units", in: counts),
      coverage: try json.optionalField("coverage")?.double(in: 0...1))
  }
}
