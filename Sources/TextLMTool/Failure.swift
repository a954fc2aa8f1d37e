import ArgumentParser
import TextLM

/// What an error means for a script that called this program.
enum Failure {
  /// Prints the error and ends with the exit code of its kind.
  static func exit(_ error: any Error) -> Never {
    guard let code = code(of: error) else { TextLMCommand.exit(withError: error) }
    Console.standardError("textlm: error: \(TerminalText.neutralized("\(error)"))\n")
    TextLMCommand.exit(withError: ExitCode(code))
  }

  /// The exit code of our own errors; nil for those of the argument parser.
  static func code(of error: any Error) -> Int32? {
    switch error {
    case let error as StorageError:
      switch error {
      case .locked: 75
      case .tooLarge, .safetensors, .json, .jsonLine: 65
      default: 74
      }
    case let error as ArchitectureError:
      if case .tooLarge = error { 65 } else { 64 }
    case let error as TrainingError:
      switch error {
      case .runExists, .noRun: 64
      default: 65
      }
    case is SamplingError, is OptionError: 64
    case is TextError, is CorpusError, is ModelError, is ParameterError, is SafetensorsError,
      is JSONError, is JSONFieldError, is ScoringError, is EmptyTextError:
      65
    default: nil
    }
  }
}

/// An option whose value makes no sense.
enum OptionError: Error, Equatable, CustomStringConvertible {
  /// The option, its value, and what is allowed.
  case value(option: String, value: String, allowed: String)
  /// Two options that cannot be given together.
  case conflict(String, String)
  /// An option that a resumed run has already decided.
  case fixedByRun(option: String)

  var description: String {
    switch self {
    case .value(let option, let value, let allowed):
      "\(option) is \(value), but must be \(allowed)"
    case .conflict(let first, let second):
      "\(first) and \(second) cannot be given together: choose one"
    case .fixedByRun(let option):
      "\(option) was decided when the run began and cannot be changed by --resume: leave it away, "
        + "or start a new run with another -o"
    }
  }
}
