/// A unit that cannot be set.
public enum UnitError: Error, Equatable {
  /// It is not written as layer.index=value.
  case notation(String)
  /// The model's state has no units; `state` is what it has.
  case noUnits(architecture: String, state: String)
  /// There is no such unit among those of `layers`; `numbered` are the names of those that the numbers 1,
  /// 2 and so on stand for.
  case noUnit(name: String, layers: [UnitLayer], numbered: [String])
  /// It is a unit of the output, which is no part of the state.
  case output(name: String, layers: [UnitLayer], numbered: [String])
  /// The unit is set twice.
  case repeated(name: String)
}

extension UnitError: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .notation(let text):
      "'\(TerminalText.visible(text))' is no unit with its value: write layer.index=value, such as "
        + "1.12=-1.5, or a name that `textlm show units` gives, such as cell1.12=-1.5"
    case .noUnits(let architecture, let state):
      "\(architecture) has no layers of units that could be set: its state is \(state); use a "
        + "recurrent model, such as lstm, gru or rnn"
    case .noUnit(let name, let layers, let numbered):
      "there is no unit \(TerminalText.visible(name)): "
        + Self.choice(among: layers, numbered: numbered)
    case .output(let name, let layers, let numbered):
      "\(TerminalText.visible(name)) cannot be set, because the output is computed anew for each "
        + "character and not remembered: " + Self.choice(among: layers, numbered: numbered)
    case .repeated(let name):
      "unit \(TerminalText.visible(name)) is set twice: give it one value"
    }
  }

  /// The layers with their numbers of units, and what numbers in place of names stand for.
  private static func choice(among layers: [UnitLayer], numbered: [String]) -> String {
    let names = layers.map { "\($0.name) (\(Numbers.grouped($0.size)) units)" }
    let numbers = numbered.enumerated().map { "\($0.offset + 1) stands for \($0.element)" }
    return "the model's layers are \(names.joined(separator: ", ")), each counted from 0"
      + numbers.map { "; " + $0 }.joined()
  }
}
