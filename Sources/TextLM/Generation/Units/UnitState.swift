/// A state in which there are layers of units, each with a value of its own.
protocol UnitState: EncoderState {
  /// Where the units of each layer, from the input up, are among the state's tensors, [B, H] each.
  var unitPlaces: [Int] { get }
}

/// What one layer remembers, in which there are units.
protocol UnitLayerState: EncoderState {
  /// Where the units are among its tensors, [B, H].
  static var unitPlace: Int { get }
}

/// The cell state c, after h: the hidden state is made of it anew at each step.
extension LSTMState: UnitLayerState {
  static var unitPlace: Int { 1 }
}

/// The hidden state h.
extension HiddenState: UnitLayerState {
  static var unitPlace: Int { 0 }
}

/// The mean c / n, after h: the output is made of it.
extension SLSTMState: UnitLayerState {
  static var unitPlace: Int { 1 }
}

/// The cell state c.
extension QRNN.State: UnitLayerState {
  static var unitPlace: Int { 0 }
}

/// One layer, with a cell state c after the past inputs and h.
extension WindowLSTM.State: UnitState {
  var unitPlaces: [Int] { [2] }
}

/// The units of all layers.
extension StackedState: UnitState where LayerState: UnitLayerState {
  var unitPlaces: [Int] {
    var places: [Int] = []
    var first = 0
    for layer in layers {
      places.append(first + LayerState.unitPlace)
      first += layer.tensors.count
    }
    return places
  }
}
