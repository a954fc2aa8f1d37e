/// A unit that cannot be set.
public enum UnitError: Error, Equatable {
  /// It is not written as layer.index=value.
  case notation(String)
  /// The model's state has no units that stand for themselves; `state` is what it has.
  case noUnits(architecture: String, state: String)
  /// There is no such layer.
  case layer(Int, layerCount: Int)
  /// There is no such unit in the layer.
  case index(Int, layer: Int, unitCount: Int)
  /// The unit is set twice.
  case repeated(layer: Int, index: Int)
}

extension UnitError: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .notation(let text):
      "'\(TerminalText.visible(text))' is no unit with its value: write layer.index=value, such as "
        + "0.12=-1.5, both counted from 0"
    case .noUnits(let architecture, let state):
      "\(architecture) has no layers of units that could be set: its state is \(state); use a "
        + "recurrent model, such as lstm, gru or rnn"
    case .layer(let layer, let layerCount):
      "there is no layer \(layer): the model has \(layerCount), from 0 to \(layerCount - 1)"
    case .index(let index, let layer, let unitCount):
      "there is no unit \(index) in layer \(layer), which has \(unitCount), from 0 to "
        + "\(unitCount - 1)"
    case .repeated(let layer, let index):
      "unit \(layer).\(index) is set twice: give it one value"
    }
  }
}
