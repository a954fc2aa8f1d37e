/// The state of writing with a model: the text, what was done to it, and what is proposed.
///
/// It knows nothing of terminals and models: keys go in, and what it cannot do itself comes out as a
/// request.
package struct WritingDesk: Sendable {
  /// What somebody else has to do.
  package enum Request: Sendable, Equatable {
    /// Let the model write a sentence, and call `append` and `endContinuation`.
    case continueSentence
    /// Write the text to a file and call `saved` or `failed`. A new file must not be there yet.
    case save(path: String, isNew: Bool)
    /// End.
    case quit
    /// End at once, as with Ctrl-C.
    case interrupt
  }

  /// What keys mean.
  package enum Mode: Sendable, Equatable {
    case writing
    /// The name of the file is typed.
    case naming(String)
    /// There is something to lose.
    case leaving
  }

  /// The steps that can be undone.
  private static let stepLimit = 1000
  private static let temperatures = 0...30
  private static let stillReading = "the model is still reading the text"

  /// The text.
  package private(set) var text: String
  /// Where it is saved; nil while nobody has said.
  package private(set) var path: String?
  /// What keys mean now.
  package private(set) var mode = Mode.writing
  /// What happened, for one key's time.
  package private(set) var message = ""
  /// Whether characters have the colours of what they cost.
  package private(set) var showsSurprisal: Bool
  /// What may come next: characters, and words behind them. Their numbers begin at 1.
  package private(set) var characters: [WritingSuggestion] = []
  package private(set) var words: [WritingSuggestion] = []
  /// The place of the suggestion that Tab takes.
  package private(set) var selection = 0
  /// How much of the text the model has read, in percent; nil when that is all.
  package private(set) var readPercent: Int?
  /// What the characters of the text cost, in nats; none while that is not known.
  package private(set) var surprisals: [Double] = []

  private let isColored: Bool
  private var tenths: Int
  private var savedText: String
  private var namedFirst = false
  private var leavesWhenSaved = false
  private var earlier: [String] = []
  private var later: [String] = []
  /// Whether the last step was typing within a word, which goes on with the next character.
  private var isTyping = false

  /// A text, which `path` has if it is a file's. Without colours none can be asked for.
  package init(
    text: String = "", path: String? = nil, temperature: Double = 0.8, isColored: Bool = true
  ) {
    self.text = text
    self.path = path
    self.isColored = isColored
    savedText = text
    showsSurprisal = isColored
    let asked = Int((temperature * 10).rounded())
    tenths = min(max(asked, Self.temperatures.lowerBound), Self.temperatures.upperBound)
  }

  /// The temperature of what the model writes, in steps of a tenth from 0 to 3.
  package var temperature: Double { Double(tenths) / 10 }
  /// Whether the text differs from the one that was saved or opened.
  package var isChanged: Bool { !text.utf8.elementsEqual(savedText.utf8) }
  /// All suggestions, in the order of their numbers.
  package var suggestions: [WritingSuggestion] { characters + words }

  /// Takes what a model says of the text; the likeliest word is selected, or the likeliest character.
  package mutating func propose(
    characters: [WritingSuggestion], words: [WritingSuggestion], surprisals: [Double]
  ) {
    self.characters = characters
    self.words = words
    self.surprisals = surprisals
    readPercent = nil
    selection = words.isEmpty ? 0 : characters.count
  }

  /// The model has read so many of the text's tokens, and not all: nothing is proposed until it has.
  package mutating func hasRead(_ count: Int, of total: Int) {
    readPercent = 100 * count / max(total, 1)
  }

  /// Does what a key means.
  package mutating func handle(_ key: TerminalKey) -> Request? {
    message = ""
    if key == .control("c") { return .interrupt }
    switch mode {
    case .writing: return handleWriting(key)
    case .naming(let name): return handleNaming(name, key)
    case .leaving: return handleLeaving(key)
    }
  }

  private mutating func handleWriting(_ key: TerminalKey) -> Request? {
    switch key {
    case .text(let new): type(new)
    case .enter: type("\n")
    case .backspace: deleteLast()
    case .tab: accept(selection)
    case .alternate(let number): accept(number - 1)
    case .left: select(selection - 1)
    case .right: select(selection + 1)
    case .up: warm(by: 1)
    case .down: warm(by: -1)
    case .escape: break
    case .control("n"):
      guard readPercent == nil else {
        message = Self.stillReading
        return nil
      }
      begin(typing: false)
      return .continueSentence
    case .control("z"): undo()
    case .control("y"): redo()
    case .control("t"): switchColors()
    case .control("s"): return save()
    case .control("q"):
      guard isChanged else { return .quit }
      mode = .leaving
    case .control(let letter):
      message = "Ctrl-\(letter.uppercased()) means nothing here"
    }
    return nil
  }

  private mutating func handleNaming(_ name: String, _ key: TerminalKey) -> Request? {
    switch key {
    case .text(let new):
      mode = .naming(name + new.filter { !$0.isNewline })
    case .backspace: mode = .naming(String(name.dropLast()))
    case .escape:
      mode = .writing
      leavesWhenSaved = false
      message = "not saved"
    case .enter where !name.isEmpty:
      mode = .writing
      path = name
      namedFirst = true
      return .save(path: name, isNew: true)
    default: break
    }
    return nil
  }

  private mutating func handleLeaving(_ key: TerminalKey) -> Request? {
    switch key {
    case .text("y"): return .quit
    case .text("s"):
      mode = .writing
      leavesWhenSaved = true
      return save()
    case .escape, .text("n"): mode = .writing
    default: break
    }
    return nil
  }
}

/// Changes of the text.
extension WritingDesk {
  /// Adds what the model wrote.
  package mutating func append(_ new: String) {
    text += new
  }

  /// What the model wrote is one step; nothing written is none.
  package mutating func endContinuation() {
    guard let last = earlier.last else { return }
    if last.utf8.elementsEqual(text.utf8) {
      earlier.removeLast()
      message = "the model ends the text here"
    } else {
      message = "the model wrote \(text.count - last.count) characters"
    }
  }

  /// Remembers the text before a step, unless it goes on with the typing of the one before.
  private mutating func begin(typing: Bool) {
    if !(typing && isTyping) {
      earlier.append(text)
      if earlier.count > Self.stepLimit { earlier.removeFirst() }
    }
    later = []
    isTyping = typing
    (characters, words, surprisals) = ([], [], [])
  }

  private mutating func type(_ new: String) {
    let isWithinWord = new.count == 1 && new.allSatisfy { !$0.isWhitespace }
    // The character behind a word begins the step of the next one.
    if !isWithinWord { isTyping = false }
    begin(typing: true)
    text += new
  }

  private mutating func deleteLast() {
    guard !text.isEmpty else { return }
    begin(typing: false)
    text.removeLast()
  }

  private mutating func accept(_ place: Int) {
    guard suggestions.indices.contains(place) else {
      message =
        readPercent != nil
        ? Self.stillReading
        : suggestions.isEmpty ? "there are no suggestions" : "there is no such suggestion"
      return
    }
    let new = suggestions[place].text
    begin(typing: false)
    text += new
  }

  private mutating func undo() {
    guard let last = earlier.popLast() else {
      message = "there is nothing to undo"
      return
    }
    later.append(text)
    change(to: last)
  }

  private mutating func redo() {
    guard let last = later.popLast() else {
      message = "there is nothing to redo"
      return
    }
    earlier.append(text)
    change(to: last)
  }

  private mutating func change(to text: String) {
    self.text = text
    isTyping = false
    (characters, words, surprisals) = ([], [], [])
  }
}

/// Everything else.
extension WritingDesk {
  /// The text is on the disk. Returns whether to end.
  package mutating func saved() -> Bool {
    savedText = text
    namedFirst = false
    message = "saved \(path ?? "")"
    return leavesWhenSaved
  }

  /// The text is on the disk under another name than was asked for, which is its name from now on: what
  /// is there was changed by another program. The person is to see that before the end.
  package mutating func saved(beside other: String) {
    savedText = text
    namedFirst = false
    leavesWhenSaved = false
    message = "saved as \(other): another program changed \(path ?? "the file")"
    path = other
  }

  /// The text could not be saved; a name that was just typed is forgotten.
  package mutating func failed(_ reason: String) {
    if namedFirst { path = nil }
    namedFirst = false
    leavesWhenSaved = false
    message = "not saved: \(reason)"
  }

  private mutating func save() -> Request? {
    guard let path else {
      mode = .naming("")
      return nil
    }
    return .save(path: path, isNew: false)
  }

  private mutating func select(_ place: Int) {
    if suggestions.indices.contains(place) { selection = place }
  }

  private mutating func warm(by tenth: Int) {
    let wanted = tenths + tenth
    if Self.temperatures.contains(wanted) { tenths = wanted }
  }

  private mutating func switchColors() {
    if isColored {
      showsSurprisal.toggle()
    } else {
      message = "NO_COLOR is set: there are no colours"
    }
  }
}
