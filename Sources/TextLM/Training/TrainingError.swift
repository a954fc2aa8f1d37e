/// A training that cannot go on.
public enum TrainingError: Error, Equatable {
  /// The loss or a gradient is infinite or not a number; the weights are those before the step.
  case notFinite(step: Int, learningRate: Double)
  /// The loss or the weights grew without bound, again and again after going back to a good state with
  /// half the rate.
  case diverged(Rollback, attempts: Int, isModelKept: Bool)
  /// The folder already holds a run.
  case runExists(path: String)
  /// There is no run to go on with.
  case noRun(path: String)
  /// The run was trained on another text.
  case otherCorpus(path: String, expected: [String], found: [String])
  /// The state does not say what it should.
  case damagedState(path: String, problem: String)
}

extension TrainingError: CustomStringConvertible {
  /// What happened, and what to do about it.
  public var description: String {
    switch self {
    case .notFinite(let step, let learningRate):
      "the loss is not a finite number at step \(step) with learning rate \(learningRate): the best "
        + "model so far is kept; try a smaller --lr (\(learningRate / 4), for example) or a "
        + "smaller --grad-clip"
    case .diverged(let last, let attempts, let isModelKept):
      "the training diverges: \(attempts) times it went back to a good state and halved the learning "
        + "rate, which was \(Numbers.significant(last.learningRate)) at step \(last.failedStep); "
        + (isModelKept ? "the best model so far is kept" : "no model is kept, for none was good")
        + "; begin a new run with a smaller --lr and with --grad-clip 1 or less, and look at the text "
        + "near \"\(TerminalText.visible(last.text))\""
    case .runExists(let path):
      "\(path) already holds a training run: go on with --resume, replace it with --overwrite, or "
        + "choose another folder with -o"
    case .noRun(let path):
      "\(path) holds no training run to go on with: leave --resume away, or give the run's folder "
        + "with -o"
    case .otherCorpus(let path, let expected, let found) where found.isEmpty:
      "\(path) was measured on \(expected.joined(separator: ", ")): give it again with --validation"
    case .otherCorpus(let path, let expected, let found):
      "\(path) was trained on \(expected.joined(separator: ", ")) and cannot go on with "
        + "\(found.joined(separator: ", ")): give the same, unchanged files"
    case .damagedState(let path, let problem):
      "\(path): \(problem): the run cannot go on; its model.safetensors can still be used"
    }
  }
}

extension TrainingError {
  /// Reads something out of the state at `path`; what is wrong with its content becomes
  /// `damagedState`.
  static func naming<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error where error.isAboutContent {
      throw TrainingError.damagedState(path: path, problem: "\(error)")
    }
  }
}

extension Error {
  /// Whether the error says what is wrong with stored values, and not where they are stored.
  fileprivate var isAboutContent: Bool {
    switch self {
    case is JSONError, is JSONFieldError, is TextError, is ArchitectureError, is ParameterError,
      is InitializationError, is SafetensorsError, is ParameterRatesError, is LabelledDataError,
      is NeuralClassifierError:
      true
    default: false
    }
  }
}
