#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif
import ArgumentParser
import TextLM

/// A person and a model writing on one terminal: passes keys to the desk and does what it asks for.
struct WritingSession {
  /// Suggestions that are shown.
  private static let characterCount = 5
  private static let wordCount = 3
  /// The most tokens of a sentence.
  private static let sentenceLimit = 500
  /// Milliseconds in which the rest of a key's bytes come, and after which sizes and signals are looked
  /// at again.
  private static let keyTime: Int32 = 50
  private static let idleTime: Int32 = 200

  private var desk: WritingDesk
  private var companion: WritingCompanion
  private let model: TextModel
  private let precision: ComputePrecision
  private var seed: UInt64
  private var keys = TerminalKeyReader()
  /// The text that was read last, with its suggestions.
  private var readText: String?

  /// Throws for a model that cannot write with a person.
  init(
    _ desk: WritingDesk, model: TextModel, precision: ComputePrecision, seed: UInt64
  ) throws {
    self.desk = desk
    self.model = model
    self.precision = precision
    self.seed = seed
    companion = try WritingCompanion(model, precision: precision)
  }

  /// Goes on until the person ends it. Throws `ExitCode` for a signal, and `StorageError` when the
  /// terminal is gone; what was not saved is then in a file of its own, whose path is the result's.
  mutating func run(rescued: (String) -> Void) throws {
    do {
      try write()
    } catch {
      if let path = rescue() { rescued(path) }
      throw error
    }
  }

  /// Writes what was not saved beside its file, or into the present folder; the path, unless there was
  /// nothing or it could not be written.
  private func rescue() -> String? {
    guard desk.isChanged else { return nil }
    let path = (desk.path ?? "text") + ".unsaved"
    do {
      try AtomicFile.replace(path, with: Array(desk.text.utf8))
      return path
    } catch {
      return nil
    }
  }

  private mutating func write() throws {
    Signals.listen()
    let terminal = try RawTerminal()
    var shown: WritingScreen?
    while true {
      readAgain()
      let screen = screen
      if screen != shown {
        try terminal.show(screen)
        shown = screen
      }
      let bytes = try terminal.read(
        milliseconds: keys.isWaiting ? Self.keyTime : Self.idleTime)
      if let signal = Signals.stopSignal { throw ExitCode(128 + signal) }
      let pressed = bytes.isEmpty ? keys.flush().map { [$0] } ?? [] : keys.keys(bytes)
      for key in pressed {
        // What is proposed behind keys that came in one go.
        switch key {
        case .tab, .alternate: readAgain()
        default: break
        }
        guard let request = desk.handle(key) else { continue }
        switch request {
        case .quit: return
        case .interrupt: throw ExitCode(128 + SIGINT)
        case .continueSentence: try continueSentence(terminal)
        case .save(let path, let isNew): if save(to: path, isNew: isNew) { return }
        }
      }
    }
  }

  private var screen: WritingScreen {
    let size = Console.outputSize ?? (80, 24)
    return WritingScreen(desk, columns: size.columns, rows: size.rows)
  }

  private mutating func readAgain() {
    guard readText?.utf8.elementsEqual(desk.text.utf8) != true else { return }
    companion.read(desk.text)
    propose()
    readText = desk.text
  }

  private mutating func propose() {
    desk.propose(
      characters: companion.characters(Self.characterCount),
      words: companion.words(Self.wordCount), surprisals: companion.surprisals(of: desk.text))
  }

  /// Lets the model write, and shows it on the way; any key stops it.
  private mutating func continueSentence(_ terminal: borrowing RawTerminal) throws {
    let rules = try WritingRules(maximumCount: Self.sentenceLimit, until: .sentence)
    var generator = try model.generate(
      from: desk.text, sampling: [try Temperature(desk.temperature)], rules: rules, seed: seed,
      precision: precision)
    seed &+= 1
    let clock = ContinuousClock()
    var last = clock.now
    var isStopped = false
    while !isStopped, let piece = generator.next() {
      desk.append(piece)
      guard clock.now - last > .milliseconds(50) else { continue }
      last = clock.now
      try terminal.show(screen)
      let bytes = try terminal.read(milliseconds: 0)
      if let signal = Signals.stopSignal { throw ExitCode(128 + signal) }
      let pressed = keys.keys(bytes)
      if pressed.contains(.control("c")) { throw ExitCode(128 + SIGINT) }
      isStopped = !bytes.isEmpty
    }
    desk.endContinuation()
    readText = nil
  }

  /// Writes the text to a file, whole or not at all; whether to end.
  private mutating func save(to path: String, isNew: Bool) -> Bool {
    if isNew, access(path, F_OK) == 0 {
      desk.failed("\(path) is there already: choose another name")
      return false
    }
    do {
      try AtomicFile.replace(path, with: Array(desk.text.utf8))
      return desk.saved()
    } catch {
      desk.failed("\(error)")
      return false
    }
  }
}
