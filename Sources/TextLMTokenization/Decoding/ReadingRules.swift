/// How bytes become text, and text documents.
public struct ReadingRules: Sendable, Equatable {
  /// What encoding the bytes are in.
  public var encoding: TextEncoding
  /// What becomes of bytes that are no text in it.
  public var invalidBytes: InvalidBytes
  /// What becomes of line ends.
  public var newlines: NewlineRule
  /// Where documents begin.
  public var documents: DocumentRule

  /// The standard choices: UTF-8 or what a byte-order mark says, wrong bytes are an error, line
  /// ends stay as they are, and a file is a document.
  public init(
    encoding: TextEncoding = .standard, invalidBytes: InvalidBytes = .error,
    newlines: NewlineRule = .keep, documents: DocumentRule = .file
  ) {
    self.encoding = encoding
    self.invalidBytes = invalidBytes
    self.newlines = newlines
    self.documents = documents
  }
}

/// The encoding of a text's bytes.
public enum TextEncoding: Sendable, Equatable {
  /// What a byte-order mark says; without one, UTF-8.
  case standard
  /// The same, but what is not UTF-8 is guessed from samples, or refused where the guess is weak.
  case automatic
  /// A name that ICU knows, such as `windows-1252`; `utf-16` and `utf-32` take the order of bytes
  /// from the mark.
  case named(String)

  /// The encoding of a name, where `auto` is automatic.
  public init(_ name: String) {
    self = name.utf8.elementsEqual("auto".utf8) ? .automatic : .named(name)
  }

  /// What `init(_:)` takes; nil for the standard one.
  public var name: String? {
    switch self {
    case .standard: nil
    case .automatic: "auto"
    case .named(let name): name
    }
  }
}

/// What becomes of bytes that are no text in the encoding.
public enum InvalidBytes: String, Sendable, CaseIterable {
  /// The text is refused, with the place of the first of them.
  case error
  /// Each longest wrong piece becomes one U+FFFD (Unicode Standard, section 3.9).
  case replace
  /// They are left out.
  case skip
}

/// Where documents begin. What separates two documents belongs to neither, and documents without
/// any text are left out.
public enum DocumentRule: Sendable, Equatable {
  /// A file is a document.
  case file
  /// A line is a document, without its end.
  case line
  /// Blank lines lie between documents.
  case blankLine
  /// This text lies between documents; it is not empty.
  case delimiter(String)

  /// The rule of a name: `file`, `line`, `blank-line`, or else a delimiter; nil for the empty text.
  public init?(_ name: String) {
    guard !name.utf8.isEmpty else { return nil }
    for rule in [DocumentRule.file, .line, .blankLine] where rule.name.utf8.elementsEqual(name.utf8)
    {
      self = rule
      return
    }
    self = .delimiter(name)
  }

  /// What `init(_:)` takes.
  public var name: String {
    switch self {
    case .file: "file"
    case .line: "line"
    case .blankLine: "blank-line"
    case .delimiter(let text): text
    }
  }

  /// Whether documents end within files, so that where one ends is part of what a text says: a model
  /// is then measured on their ends too.
  public var separatesWithinFiles: Bool { self != .file }

  /// Whether both separate in the same way; delimiters are compared byte by byte.
  public static func == (left: DocumentRule, right: DocumentRule) -> Bool {
    left.name.utf8.elementsEqual(right.name.utf8)
  }
}
