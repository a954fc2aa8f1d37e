/// Something that a model does not have to show.
public enum SeeingError: Error, Equatable {
  /// The model keeps no memory and pays no attention; `others` are the architectures that do.
  case noMemory(architecture: String, others: [String])
  /// The model has no units; `others` are the architectures that do.
  case noUnits(architecture: String, others: [String])
  /// There is no such unit.
  case noUnit(name: String, layers: [String])
  /// Nothing in the text is what was looked for, or everything is.
  case constantFeature(name: String)
  /// The same of a regular expression, which may be a mistyped name of a feature.
  case constantPattern(String)
  /// No text has the label; `labels` are those that there are.
  case noLabel(name: String, labels: [String])
  /// A text without characters.
  case empty(source: String)
}

extension SeeingError: CustomStringConvertible {
  /// What is missing, and what there is instead.
  public var description: String {
    switch self {
    case .noMemory(let architecture, let others):
      "a model of architecture \(architecture) has no attention and no external memory to show: its "
        + "units are shown by `textlm show units`; maps have \(others.joined(separator: ", "))"
    case .noUnits(let architecture, let others):
      "a model of architecture \(architecture) has counts and no units to show: units have "
        + others.joined(separator: ", ")
    case .noUnit(let name, let layers):
      "there is no unit \(TerminalText.visible(name)): give layer.index, such as output.0; the model "
        + "has \(layers.joined(separator: ", "))"
    case .constantFeature(let name):
      "no unit can be found for \(TerminalText.visible(name)): it is the same everywhere in the text; "
        + "give a text where it changes"
    case .constantPattern(let pattern):
      "no unit can be found for \(TerminalText.visible(pattern)): it was read as a regular "
        + "expression, which is the same everywhere in the text; features with a name are quotes, "
        + "line-length, word-start and label=name"
    case .noLabel(let name, let labels):
      "no text has the label \(quotedForMessage(name)): the labels are \(quotedForMessage(labels))"
    case .empty(let source):
      "\(source): the text is empty, so there is nothing to show: give at least one character"
    }
  }
}
