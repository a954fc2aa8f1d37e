/// Reads a regular expression over characters.
///
/// Literals; `.` for anything but LF; classes `[a-z]`, `[^a-z]`; `\d`, `\w`, `\s` and their opposites
/// `\D`, `\W`, `\S` as Unicode sees digits, letters and white space; `\p{...}` and `\P{...}` for what
/// ICU calls a property; `\n`, `\r`, `\t`, `\u{...}` and escaped punctuation; groups `(...)` and
/// `(?:...)`; `|`; `*`, `+`, `?`, `{n}`, `{n,}`, `{n,m}`. It is always the whole text that matches, so
/// that there are no anchors. What no automaton can do, such as back-references, is refused.
struct RegularExpression {
  /// The greatest number of repetitions.
  static let repetitionLimit = 1000
  /// The greatest number of groups in each other.
  private static let greatestDepth = 200

  private let text: String
  private let scalars: [Unicode.Scalar]
  private var offset = 0
  /// Groups that are open.
  private var depth = 0

  /// The pattern that a text describes. Throws `ConstraintError.pattern` with the place that cannot
  /// be read.
  static func pattern(_ text: String) throws(ConstraintError) -> TextPattern {
    var parser = RegularExpression(text)
    let pattern = try parser.readChoice()
    if parser.offset < parser.scalars.count { throw parser.error("a ) without its (") }
    return pattern
  }

  private init(_ text: String) {
    self.text = text
    scalars = Array(text.unicodeScalars)
  }

  private var next: Unicode.Scalar? { offset < scalars.count ? scalars[offset] : nil }

  private func error(_ problem: String) -> ConstraintError { error(problem, at: offset) }

  private func error(_ problem: String, at offset: Int) -> ConstraintError {
    .pattern(text: text, offset: offset, problem: problem)
  }

  /// Whether the next character is one, which is then read.
  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    offset += 1
    return true
  }

  private mutating func readChoice() throws(ConstraintError) -> TextPattern {
    var choices = [try readSequence()]
    while take("|") { choices.append(try readSequence()) }
    return choices.count == 1 ? choices[0] : .choice(choices)
  }

  private mutating func readSequence() throws(ConstraintError) -> TextPattern {
    var parts: [TextPattern] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      let part = try readAtom(scalar)
      parts.append(try readRepetition(of: part))
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func readAtom(_ scalar: Unicode.Scalar) throws(ConstraintError) -> TextPattern {
    switch scalar {
    case "(":
      let opening = offset
      offset += 1
      guard depth < Self.greatestDepth else {
        throw error("groups lie in each other more than \(Self.greatestDepth) deep")
      }
      depth += 1
      defer { depth -= 1 }
      if take("?"), !take(":") {
        throw error("only (...) and (?:...) are groups here")
      }
      let pattern = try readChoice()
      if !take(")") { throw error("a ( without its )", at: opening) }
      return pattern
    case "[":
      offset += 1
      return .scalar(try readClass())
    case ".":
      offset += 1
      return .scalar(ScalarRanges([0x0A...0x0A]).inverted)
    case "\\":
      offset += 1
      return .scalar(try readEscape())
    case "*", "+", "?", "{":
      throw error("\(scalar) repeats what stands in front of it, and there is nothing")
    case "^", "$":
      throw error(
        "the whole text matches in any case: leave the \(scalar) away, or write \\\(scalar)")
    default:
      offset += 1
      return .scalar(ScalarRanges([scalar.value...scalar.value]))
    }
  }

  private mutating func readRepetition(
    of part: TextPattern
  ) throws(ConstraintError) -> TextPattern {
    var part = part
    var count = 0
    while let scalar = next, "*+?{".unicodeScalars.contains(scalar) {
      if count > 0 { throw error("a repetition of a repetition: put the inner one in ( )") }
      count += 1
      offset += 1
      switch scalar {
      case "*": part = .repeated(part, from: 0, to: nil)
      case "+": part = .repeated(part, from: 1, to: nil)
      case "?": part = .repeated(part, from: 0, to: 1)
      default: part = try readCounts(of: part)
      }
    }
    return part
  }

  private mutating func readCounts(of part: TextPattern) throws(ConstraintError) -> TextPattern {
    let from = try readNumber()
    var to: Int? = from
    if take(",") { to = next == "}" ? nil : try readNumber() }
    if !take("}") { throw error("expected } or a number") }
    if let to, to < from { throw error("{\(from),\(to)} counts down") }
    return .repeated(part, from: from, to: to)
  }

  private mutating func readNumber() throws(ConstraintError) -> Int {
    var number: Int?
    while let scalar = next, "0"..."9" ~= scalar {
      number = 10 * (number ?? 0) + Int(scalar.value - 0x30)
      if let number, number > Self.repetitionLimit {
        throw error("more than \(Self.repetitionLimit) repetitions")
      }
      offset += 1
    }
    guard let number else { throw error("expected a number of repetitions") }
    return number
  }
}

/// Sets of characters.
extension RegularExpression {
  /// What is behind a [, with the ].
  private mutating func readClass() throws(ConstraintError) -> ScalarRanges {
    let opening = offset - 1
    let isInverted = take("^")
    var ranges: [ClosedRange<UInt32>] = []
    var isFirst = true
    while isFirst || next != "]" {
      isFirst = false
      guard let scalar = next else { throw error("a [ without its ]", at: opening) }
      if scalar == "[" { throw error("a [ within a class: write \\[") }
      let first = try readMember(ofClassAt: opening)
      // A - in front of the ] is itself.
      guard next == "-", offset + 1 < scalars.count, scalars[offset + 1] != "]" else {
        ranges += first.ranges
        continue
      }
      offset += 1
      let last = try readMember(ofClassAt: opening)
      guard let from = Self.single(first), let to = Self.single(last), from <= to else {
        throw error("a range from one character to a later one is expected around -")
      }
      ranges.append(from...to)
    }
    offset += 1
    let set = ScalarRanges(ranges)
    return isInverted ? set.inverted : set
  }

  /// The only scalar of a set; nil for none or several.
  private static func single(_ set: ScalarRanges) -> UInt32? {
    guard let range = set.ranges.first, set.ranges.count == 1, range.count == 1 else { return nil }
    return range.lowerBound
  }

  private mutating func readMember(
    ofClassAt opening: Int
  ) throws(ConstraintError) -> ScalarRanges {
    guard let scalar = next else { throw error("a [ without its ]", at: opening) }
    offset += 1
    return scalar == "\\" ? try readEscape() : ScalarRanges([scalar.value...scalar.value])
  }

  /// What is behind a backslash.
  private mutating func readEscape() throws(ConstraintError) -> ScalarRanges {
    guard let scalar = next else { throw error("nothing is behind the \\") }
    offset += 1
    switch scalar {
    case "d": return try set("[:Nd:]")
    case "D": return try set("[:Nd:]").inverted
    case "w": return try set("[[:L:][:M:][:N:]_]")
    case "W": return try set("[[:L:][:M:][:N:]_]").inverted
    case "s": return try set("[:White_Space:]")
    case "S": return try set("[:White_Space:]").inverted
    case "p", "P":
      let property = try readBraces()
      let members = try set("[:\(property):]")
      return scalar == "p" ? members : members.inverted
    case "n": return ScalarRanges([0x0A...0x0A])
    case "r": return ScalarRanges([0x0D...0x0D])
    case "t": return ScalarRanges([0x09...0x09])
    case "u":
      guard let value = UInt32(try readBraces(), radix: 16), let scalar = Unicode.Scalar(value)
      else { throw error("\\u{...} takes the hexadecimal number of a character") }
      return ScalarRanges([scalar.value...scalar.value])
    default:
      // Letters and digits are kept for what they may come to mean, and mean elsewhere.
      if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
        offset -= 1
        throw error("\\\(scalar) means nothing here")
      }
      return ScalarRanges([scalar.value...scalar.value])
    }
  }

  private mutating func readBraces() throws(ConstraintError) -> String {
    guard take("{"), let end = scalars[offset...].firstIndex(of: "}") else {
      throw error("expected { and }")
    }
    var content = String.UnicodeScalarView()
    content.append(contentsOf: scalars[offset..<end])
    offset = end + 1
    return String(content)
  }

  private func set(_ pattern: String) throws(ConstraintError) -> ScalarRanges {
    do throws(TextError) {
      return ScalarRanges(try ScalarSet(pattern, option: "the regular expression"))
    } catch {
      throw self.error("ICU knows no property \(TerminalText.excerpt(of: pattern))")
    }
  }
}
