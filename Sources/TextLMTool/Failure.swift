import ArgumentParser
import TextLM

/// What an error means for a script that called this program.
enum Failure {
  /// Prints the error and ends with the exit code of its kind.
  static func exit(_ error: any Error) -> Never {
    let code = code(of: error) ?? TextLMCommand.exitCode(for: error).rawValue
    // Help, versions and completion scripts are no errors, and go to standard output.
    if code == 0 { TextLMCommand.exit(withError: error) }
    let text = message(of: error)
    if !text.isEmpty {
      Console.standardError("textlm: error: \(TerminalText.neutralized(text))\n")
    }
    TextLMCommand.exit(withError: ExitCode(code))
  }

  /// The text of our own errors, or what the argument parser says; empty for a mere exit code.
  private static func message(of error: any Error) -> String {
    if let error = error as? SamplingError { return "\(error.namingOptions)" }
    guard code(of: error) == nil else { return "\(error)" }
    let text = TextLMCommand.fullMessage(for: error)
    return text.hasPrefix("Error: ") ? String(text.dropFirst(7)) : text
  }

  /// The exit code of our own errors; nil for those of the argument parser.
  static func code(of error: any Error) -> Int32? {
    switch error {
    case let error as StorageError:
      switch error {
      case .locked: 75
      case .tooLarge, .compressed, .safetensors, .json, .jsonLine: 65
      default: 74
      }
    case let error as ArchitectureError:
      if case .tooLarge = error { 65 } else { 64 }
    case let error as TrainingError:
      switch error {
      case .runExists, .noRun: 64
      default: 65
      }
    case is SamplingError, is OptionError, is TransferError, is ModelSizingError,
      is InitializationError, is ParameterRatesError, is FillError, is MixtureError, is UnitError:
      64
    case let error as NGramError:
      if case .order = error { 64 } else { 65 }
    case let error as LabelledDataError:
      switch error {
      case .settings, .missingColumn, .ambiguousColumn, .undecidedColumn, .unknownFormat, .fraction,
        .foldCount, .noLabelInName:
        64
      default: 65
      }
    case let error as NeuralClassifierError:
      switch error {
      case .setting, .backwardModel, .languageLoss, .otherTexts, .classWeights: 64
      default: 65
      }
    case is ClassifierTrainingError: 65
    case let error as NGramClassifierError:
      if case .configuration = error { 64 } else { 65 }
    case let error as TaskError:
      if case .diverged = error { 65 } else { 64 }
    case let error as ConstraintError:
      if case .noWords = error { 65 } else { 64 }
    case let error as SeeingError:
      switch error {
      case .noUnit: 64
      case .noMemory, .noUnits, .constantFeature, .constantPattern, .noLabel, .empty: 65
      }
    case let error as CopyIndexError:
      if case .missing = error { 74 } else { 65 }
    case is NoModelError: 74
    case is OutputExistsError: 64
    case is TextError, is CorpusError, is ModelError, is ParameterError, is SafetensorsError,
      is JSONError, is JSONFieldError, is ScoringError, is EmptyTextError, is TokenListError,
      is TokenizerFileError, is CompressionError, is GrammarError, is NBestError, is AnomalyError,
      is TextFieldError:
      65
    default: nil
    }
  }
}
