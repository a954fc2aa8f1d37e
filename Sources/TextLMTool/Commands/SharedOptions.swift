import ArgumentParser
import TextLM

/// How results are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  case json
}

/// What notes go to.
protocol NoteTaker {
  /// Whether more notes are asked for.
  var verbose: Bool { get }

  /// Prints a note unless `--quiet`.
  func note(_ text: String)
}

/// How much is told beside the results.
struct NoteOptions: ParsableArguments, NoteTaker {
  @Flag(name: [.short, .long], help: "Print no notes and no progress, only results and errors.")
  var quiet = false

  @Flag(name: [.short, .long], help: "Print more notes.")
  var verbose = false

  func validate() throws {
    if quiet && verbose {
      throw ValidationError("--quiet and --verbose cannot be given together")
    }
  }

  func note(_ text: String) {
    if !quiet { Console.standardError(TerminalText.neutralized(text) + "\n") }
  }
}

/// Options of every command.
struct OutputOptions: ParsableArguments, NoteTaker {
  @Option(help: "Print results as text for people or as json for programs.")
  var format: OutputFormat = .text

  @OptionGroup var notes: NoteOptions

  var quiet: Bool { notes.quiet }
  var verbose: Bool { notes.verbose }

  func note(_ text: String) {
    notes.note(text)
  }
}

/// What a command computes with.
struct EngineOptions: ParsableArguments {
  @Option(
    name: [.short, .long], parsing: .unconditional,
    help: ArgumentHelp(
      "Threads to compute with; the default is one for each processor. Results do not depend on it.",
      valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 || threads > 1024 {
      throw ValidationError("--threads is \(threads), but must be from 1 to 1024")
    }
  }

  /// Prepares the engine; call it before computing.
  ///
  /// `TEXTLM_MAX_ISA` holds the kernels down to a weaker instruction set, as `ONEDNN_MAX_CPU_ISA`
  /// does for oneDNN: for comparing machines and for tests.
  func apply() throws {
    if let name = Environment.value("TEXTLM_MAX_ISA") {
      guard let strongest = InstructionSet(rawValue: name) else {
        throw OptionError.value(
          option: "TEXTLM_MAX_ISA", value: name,
          allowed: InstructionSet.allCases.map(\.rawValue).joined(separator: ", "))
      }
      Engine.limitInstructionSet(to: strongest)
    }
    Engine.setThreadCount(threads ?? Engine.processorCount)
  }

  /// Tells with `--verbose` what computes.
  func note(_ precision: ComputePrecision, to notes: some NoteTaker) {
    guard notes.verbose else { return }
    notes.note(
      "\(Engine.threadCount) threads, \(Engine.instructionSet.rawValue), \(precision.rawValue), "
        + "oneDNN \(Engine.oneDNNVersion)")
  }
}

/// Options of a command that computes: with what, and what it says meanwhile.
protocol ComputingOptions {
  associatedtype Notes: NoteTaker
  var engine: EngineOptions { get }
  var output: Notes { get }
}

extension ComputingOptions {
  /// Prepares the engine; call it before computing.
  func apply() throws {
    try engine.apply()
  }

  /// Prints a note unless `--quiet`.
  func note(_ text: String) {
    output.note(text)
  }

  /// Prints with `--verbose` what computes.
  func noteEngine(_ precision: ComputePrecision) {
    engine.note(precision, to: output)
  }
}

/// Options of every command that computes.
struct SharedOptions: ParsableArguments, ComputingOptions {
  @OptionGroup var engine: EngineOptions
  @OptionGroup var output: OutputOptions

  var format: OutputFormat { output.format }
  var quiet: Bool { output.quiet }
  var verbose: Bool { output.verbose }
  var threads: Int? { engine.threads }
}
