/// A file that is no model of this version of textlm.
public enum ModelError: Error, Equatable {
  /// Metadata of a textlm model is missing: another program made the file.
  case foreign(path: String, missing: String)
  /// The file was written by a newer textlm.
  case newerFormat(path: String, version: Int, known: Int)
  /// Metadata that does not say what it should.
  case metadata(path: String, problem: String)
  /// The model is for something else than modeling language.
  case otherTask(path: String, task: String)
  /// The file is a classifier's, and a language model's is needed.
  case classifier(path: String)
  /// The file is a language model's, and a classifier's is needed.
  case languageModel(path: String)
  /// A tensor that the configuration does not call for.
  case unexpectedTensor(path: String, name: String)
  /// A tensor that is missing or has another shape than the configuration calls for.
  case tensors(path: String, problem: String)
  /// A weight that is infinite or not a number.
  case notFinite(path: String, name: String)
}

extension ModelError: CustomStringConvertible {
  /// What is wrong with the file, and what to do about it.
  public var description: String {
    switch self {
    case .foreign(let path, let missing):
      "\(path): this is a safetensors file, but not a textlm model (no \(missing) in its "
        + "metadata): give the path of a model that `textlm train` made"
    case .newerFormat(let path, let version, let known):
      "\(path): the model has format \(version), but this textlm reads formats up to \(known): "
        + "use a newer textlm"
    case .metadata(let path, let problem):
      "\(path): \(problem): the file is damaged or was changed by hand; use a copy of it"
    case .otherTask(let path, let task):
      "\(path): the model's task is \(TerminalText.neutralized(task)), not language-model: use it "
        + "with the command it was made for"
    case .classifier(let path):
      "\(path): this is a classifier of texts, not a language model: `textlm classify predict` and "
        + "`textlm classify evaluate` read it"
    case .languageModel(let path):
      "\(path): this is a language model, not a classifier: `textlm classify train --init-from` makes a "
        + "classifier of it, and `--arch probe --model` looks into it"
    case .unexpectedTensor(let path, let name):
      "\(path): the tensor \(TerminalText.neutralized(name)) does not belong to the model that the "
        + "file describes: the file is damaged or was changed by hand; use a copy of it"
    case .tensors(let path, let problem):
      "\(path): \(problem): the file is damaged or was changed by hand; use a copy of it"
    case .notFinite(let path, let name):
      "\(path): the tensor \(name) has a value that is not a finite number: use an earlier copy "
        + "of the model"
    }
  }
}
