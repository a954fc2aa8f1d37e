/// A state in which there are layers of units, each with a value of its own.
protocol UnitState: EncoderState {
  /// The units of each layer, from the input up, [B, H] each.
  var units: [Tensor] { get set }
}

/// What one layer remembers, in which there are units.
protocol UnitLayerState: EncoderState {
  /// [B, H].
  var layerUnits: Tensor { get set }
}

/// The cell state c: the hidden state is made of it anew at each step.
extension LSTMState: UnitLayerState {
  var layerUnits: Tensor {
    get { cell }
    set { cell = newValue }
  }
}

/// The hidden state h.
extension HiddenState: UnitLayerState {
  var layerUnits: Tensor {
    get { hidden }
    set { hidden = newValue }
  }
}

/// The mean c / n, which the output is made of.
extension SLSTMState: UnitLayerState {
  var layerUnits: Tensor {
    get { mean }
    set { mean = newValue }
  }
}

/// The cell state c.
extension QRNN.State: UnitLayerState {
  var layerUnits: Tensor {
    get { cell }
    set { cell = newValue }
  }
}

/// One layer, with a cell state c.
extension WindowLSTM.State: UnitState {
  var units: [Tensor] {
    get { [recurrence.cell] }
    set { recurrence.cell = newValue[0] }
  }
}

/// The units of all layers.
extension StackedState: UnitState where LayerState: UnitLayerState {
  var units: [Tensor] {
    get { layers.map(\.layerUnits) }
    set { for index in layers.indices { layers[index].layerUnits = newValue[index] } }
  }
}

extension UnitState {
  /// Sets units in all rows.
  mutating func set(_ settings: [UnitSetting]) {
    var layers = units
    for setting in settings {
      let tensor = layers[setting.layer]
      var values = tensor.array
      for row in 0..<tensor.shape[0] {
        values[row * tensor.shape[1] + setting.index] = setting.value
      }
      layers[setting.layer] = Tensor(values, shape: tensor.shape)
    }
    units = layers
  }
}
