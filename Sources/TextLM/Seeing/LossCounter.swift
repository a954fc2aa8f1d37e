/// Adds up tokens for a `LossBreakdown`, text after text.
struct LossCounter {
  private var classes = Counts()
  private var scripts = Counts()
  private var lines = Counts()
  private var words = Counts()
  private var documents = Counts()
  private var tokenCount = 0
  private var nats = 0.0

  /// Counts by a key that sorts as the groups shall.
  private struct Counts {
    var groups: [Int: LossBreakdown.Group] = [:]

    mutating func add(_ key: Int, _ nats: Double, name: @autoclosure () -> String) {
      groups[key, default: LossBreakdown.Group(name: name(), tokenCount: 0, nats: 0)].tokenCount +=
        1
      groups[key]?.nats += nats
    }

    func table(_ name: String) -> LossBreakdown.Table {
      LossBreakdown.Table(
        name: name, groups: groups.sorted { $0.key < $1.key }.map(\.value))
    }
  }

  /// The place of a character, counted from 1.
  private struct Position {
    var inLine = 0
    /// 0 between words.
    var inWord = 0
    var inDocument = 0

    mutating func advance(to scalar: Unicode.Scalar, after previous: Unicode.Scalar?) {
      let kind = CharacterClass(scalar)
      inDocument += 1
      inLine = previous.map { CharacterClass($0) == .lineEnd } ?? true ? 1 : inLine + 1
      inWord = kind.isInWord ? inWord + 1 : 0
    }
  }

  private var scriptKeys: [[UInt8]: Int] = [:]

  /// Adds a text's tokens. A token of several characters counts with its first, one that is a byte of a
  /// character with that character.
  mutating func add(_ scores: [TextModel.TokenScore], of text: UTF8Text) {
    var scores = scores[...]
    var position = Position()
    var previous: Unicode.Scalar?
    var offset = 0
    var last: (scalar: Unicode.Scalar, position: Position)?
    for scalar in text.string.unicodeScalars {
      position.advance(to: scalar, after: previous)
      previous = scalar
      offset += UTF8.width(scalar)
      last = (scalar, position)
      while let score = scores.first, score.range.lowerBound < offset {
        add(score, scalar, position)
        scores = scores.dropFirst()
      }
    }
    // What the preparation put behind the last character.
    if let last { for score in scores { add(score, last.scalar, last.position) } }
  }

  private mutating func add(
    _ score: TextModel.TokenScore, _ scalar: Unicode.Scalar, _ position: Position
  ) {
    tokenCount += 1
    nats += score.nats
    let kind = CharacterClass(scalar)
    classes.add(CharacterClass.allCases.firstIndex(of: kind) ?? 0, score.nats, name: kind.rawValue)
    let script = CharacterInfo(scalar).script
    let key = scriptKeys[Array(script.utf8), default: scriptKeys.count]
    scriptKeys[Array(script.utf8)] = key
    scripts.add(key, score.nats, name: script)
    let line = PositionRange(position.inLine, isExact: 4)
    lines.add(line.first, score.nats, name: line.name)
    let word = PositionRange(position.inWord, isExact: 8)
    words.add(word.first, score.nats, name: position.inWord == 0 ? "between words" : word.name)
    let document = PositionRange(position.inDocument, isExact: 1)
    documents.add(document.first, score.nats, name: document.name)
  }

  /// What was counted so far.
  var breakdown: LossBreakdown {
    let ofScripts = scripts.groups.values.sorted {
      $0.tokenCount != $1.tokenCount
        ? $0.tokenCount > $1.tokenCount : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
    let isMixed =
      ofScripts.count { !["Common", "Inherited"].contains($0.name) } > 1
    return LossBreakdown(
      tables: [classes.table("class")]
        + (isMixed ? [LossBreakdown.Table(name: "script", groups: ofScripts)] : [])
        + [lines.table("in line"), words.table("in word"), documents.table("in document")],
      tokenCount: tokenCount, nats: nats)
  }
}
