import TextLM

/// An option that the command line gives and that a run decided when it began.
struct FixedOption {
  /// What was given.
  enum Wish {
    case number(Double)
    case word(String)
    case count(UInt64)
    case flag
    /// All that a repeatable option was given.
    case words([String])
    /// What the settings leave out or have as null, and how it was written: `0` for no bound, or the
    /// name of what happens by default.
    case nothing(String)
  }

  /// The option's name.
  let name: String
  let wish: Wish
  /// Where the run's settings hold the value: keys from the outside in.
  let keys: [String]

  /// One of these where the option was given.
  init?(_ name: String, _ wish: Wish?, _ keys: String...) {
    guard let wish else { return nil }
    self.init(name, wish, keys)
  }

  /// The same with the keys in an array.
  init(_ name: String, _ wish: Wish, _ keys: [String]) {
    self.name = name
    self.wish = wish
    self.keys = keys
  }

  /// Throws `OptionError.fixedByRun` when the run has another value; the same one again is fine.
  func check(_ stored: JSONField) throws {
    var field: JSONField? = stored
    for key in keys { field = try field?.optionalField(key) }
    let value = field?.value ?? .null
    guard !agrees(value) else { return }
    throw OptionError.fixedByRun(option: name, given: given, stored: try Self.text(of: value))
  }

  private func agrees(_ value: JSONValue) -> Bool {
    switch (wish, value) {
    case (.number(let wish), .number(let value)): wish == value
    case (.number(let wish), .integer(let value)): wish == Double(value)
    case (.word(let wish), .string(let value)): wish.utf8.elementsEqual(value.utf8)
    case (.count(let wish), .integer(let value)): wish == UInt64(exactly: value)
    case (.count(let wish), .unsigned(let value)): wish == value
    case (.flag, .bool(let value)): value
    case (.words(let wish), .array(let values)): wish.map { JSONValue($0) } == values
    case (.nothing, .null): true
    default: false
    }
  }

  private var given: String {
    switch wish {
    case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
    case .word(let word): word
    case .count(let count): "\(count)"
    case .flag: "given"
    case .words(let words): words.joined(separator: ", ")
    case .nothing(let text): text
    }
  }

  private static func text(of value: JSONValue) throws -> String {
    switch value {
    case .string(let text): text
    case .null: "none"
    case .bool(let isOn): isOn ? "it on" : "it off"
    case .array(let values) where values.isEmpty: "none"
    case .array(let values): try values.map { try text(of: $0) }.joined(separator: ", ")
    default: try value.text()
    }
  }
}
