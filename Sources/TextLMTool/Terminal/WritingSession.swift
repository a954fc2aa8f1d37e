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
  /// How long the model reads before keys are looked at again, and tokens between two looks at the clock.
  private static let readingTime = Duration.milliseconds(100)
  private static let readingStride = 32

  private var desk: WritingDesk
  private var companion: WritingCompanion
  private var seed: UInt64
  private var keys = TerminalKeyReader()
  private var file: WritingFile
  /// The text that is being read or was, and whether its suggestions are there.
  private var readText: String?
  private var hasProposed = false

  /// Throws for a model that cannot write with a person.
  init(
    _ desk: WritingDesk, file: WritingFile, model: TextModel, precision: ComputePrecision,
    seed: UInt64
  ) throws {
    self.desk = desk
    self.file = file
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
    let path = WritingFile.freePath((desk.path ?? "text") + ".unsaved")
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
        milliseconds: keys.isWaiting ? Self.keyTime : hasProposed ? Self.idleTime : 0)
      if let signal = Signals.stopSignal { throw ExitCode(128 + signal) }
      let pressed = bytes.isEmpty ? keys.flush().map { [$0] } ?? [] : keys.keys(bytes)
      for key in pressed {
        // What is proposed behind keys that came in one go.
        switch key {
        case .tab, .alternate, .control("n"): readAgain()
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

  /// Lets the model read the text as it is now: for a moment, so that a long one keeps nobody waiting. What
  /// is proposed comes when it has read all.
  private mutating func readAgain() {
    if readText?.utf8.elementsEqual(desk.text.utf8) != true {
      companion.begin(desk.text)
      readText = desk.text
      hasProposed = false
    }
    guard !hasProposed else { return }
    let clock = ContinuousClock()
    let start = clock.now
    while companion.readCount < companion.tokenCount, clock.now - start < Self.readingTime {
      companion.readOn(Self.readingStride)
    }
    if companion.readCount == companion.tokenCount {
      propose()
      hasProposed = true
    } else {
      desk.hasRead(companion.readCount, of: companion.tokenCount)
    }
  }

  private mutating func propose() {
    desk.propose(
      characters: companion.characters(Self.characterCount),
      words: companion.words(Self.wordCount), surprisals: companion.surprisals(of: desk.text))
  }

  /// Lets the model write, and shows it on the way; any key stops it.
  private mutating func continueSentence(_ terminal: borrowing RawTerminal) throws {
    let rules = try WritingRules(maximumCount: Self.sentenceLimit, until: .sentence)
    var generator = try companion.continuation(
      sampling: [try Temperature(desk.temperature)], rules: rules, seed: seed)
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
      switch try file.save(desk.text, to: path) {
      case .saved: return desk.saved()
      case .savedBeside(let other):
        desk.saved(beside: other)
        return false
      }
    } catch {
      desk.failed("\(error)")
      return false
    }
  }
}
