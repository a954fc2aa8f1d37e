import ArgumentParser
import TextLM

/// How results are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  case json
}

/// Options of every command.
struct SharedOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Threads to compute with; the default is one for each processor. Results do not depend on it.",
      valueName: "n"))
  var threads: Int?

  @Option(help: "Print results as text for people or as json for programs.")
  var format: OutputFormat = .text

  @Flag(name: [.short, .long], help: "Print no notes and no progress.")
  var quiet = false

  @Flag(name: [.short, .long], help: "Print more notes.")
  var verbose = false

  func validate() throws {
    if let threads, threads < 1 || threads > 1024 {
      throw ValidationError("--threads is \(threads), but must be from 1 to 1024")
    }
    if quiet && verbose {
      throw ValidationError("--quiet and --verbose cannot be given together")
    }
  }

  /// Prepares the engine; call it before computing.
  func apply() {
    Engine.setThreadCount(threads ?? Engine.processorCount)
  }

  /// Prints a note unless `--quiet`.
  func note(_ text: String) {
    if !quiet { Console.standardError(TerminalText.neutralized(text) + "\n") }
  }
}

/// The number format of matrix products, as asked for.
enum PrecisionOption: String, ExpressibleByArgument, CaseIterable {
  case auto
  case float32
  case bfloat16

  /// `auto` takes bfloat16 where the processor has it.
  var resolved: ComputePrecision {
    switch self {
    case .auto: Engine.hasBFloat16 ? .bfloat16 : .float32
    case .float32: .float32
    case .bfloat16: .bfloat16
    }
  }
}

/// Which model to use.
struct ModelOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The model: a run's folder or a file. The default is $TEXTLM_MODEL, then model.textlm.",
      valueName: "path"))
  var model: String?

  /// Reads the model and tells what is worth telling.
  func load(_ shared: SharedOptions) throws -> TextModel {
    let path = model ?? Environment.value("TEXTLM_MODEL") ?? "model.textlm"
    let loaded = try TextModel(contentsOf: path)
    for warning in loaded.warnings { shared.note("warning: \(warning)") }
    return loaded
  }
}
