/// What a vocabulary is made of: scripts, and characters that are worth a second look.
public struct VocabularySummary: Sendable {
  /// A script and how much of the vocabulary and of the text it is.
  public struct Script: Sendable {
    /// Its name, such as `Latin`.
    public let name: String
    /// Units with a character of it.
    public internal(set) var unitCount: Int
    /// How often they occur.
    public internal(set) var count: Int
  }

  /// The number of units.
  public let unitCount: Int
  /// How often they occur together.
  public let count: Int
  /// Units that occur once.
  public let singleCount: Int
  /// Scripts, the most frequent first.
  public let scripts: [Script]
  /// Units with a control character, such as a line feed.
  public let controls: [UTF8Text]
  /// Units with a character of private use.
  public let privateUse: [UTF8Text]
  /// Units with a number that is no character in ICU's version of Unicode.
  public let unassigned: [UTF8Text]
  /// Units that composing (NFC) changes.
  public let notNormalized: [UTF8Text]
  /// Units with a character that changes the direction of text.
  public let bidiControls: [UTF8Text]
  /// Pairs of units that look alike and are of different scripts, such as Latin a and Cyrillic а.
  public let confusables: [(UTF8Text, UTF8Text)]
  /// Pairs that look alike, of one script or of several; l, I, 1 and | are six in almost any text.
  public let confusablePairCount: Int

  /// Looks through a vocabulary.
  ///
  /// - Throws: `TextError` when ICU lacks its tables of confusable characters.
  public init(_ vocabulary: Vocabulary) throws(TextError) {
    let units = (0..<vocabulary.unitCount).map { vocabulary.unit(at: $0) }
    unitCount = units.count
    count = vocabulary.counts.reduce(0, +)
    singleCount = vocabulary.counts.count { $0 == 1 }
    scripts = Self.scripts(units, vocabulary.counts)
    controls = units.filter { $0.contains { $0.kind == .control } }
    privateUse = units.filter { $0.contains { $0.kind == .privateUse } }
    unassigned = units.filter { $0.contains { $0.kind == .unassigned } }
    notNormalized = units.filter { Normalizer.nfc.normalize($0) != $0 }
    bidiControls = units.filter { $0.contains { $0.isBidiControl } }
    let pairs = try ConfusableGroups().pairs(units)
    confusablePairCount = pairs.count
    confusables = pairs.map { (units[$0], units[$1]) }.filter { Self.mixScripts($0, $1) }
  }

  private static func scripts(_ units: [UTF8Text], _ counts: [Int]) -> [Script] {
    var scripts: [[UInt8]: Script] = [:]
    for (unit, count) in zip(units, counts) {
      for name in unit.scripts {
        let key = Array(name.utf8)
        scripts[key, default: Script(name: name, unitCount: 0, count: 0)].unitCount += 1
        scripts[key]?.count += count
      }
    }
    return scripts.sorted { left, right in
      left.value.count != right.value.count
        ? left.value.count > right.value.count : left.key.lexicographicallyPrecedes(right.key)
    }.map(\.value)
  }

  private static func mixScripts(_ left: UTF8Text, _ right: UTF8Text) -> Bool {
    let scripts = [left, right].map { text in
      Set(text.scripts.filter { $0 != "Common" && $0 != "Inherited" }.map { Array($0.utf8) })
    }
    return !scripts[0].isEmpty && !scripts[1].isEmpty && scripts[0] != scripts[1]
  }
}

extension UTF8Text {
  /// Whether some character answers yes.
  func contains(_ predicate: (CharacterInfo) -> Bool) -> Bool {
    scalars.contains { value in
      Unicode.Scalar(value).map { predicate(CharacterInfo($0)) } ?? false
    }
  }
}
