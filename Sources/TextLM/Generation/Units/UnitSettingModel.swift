/// A model some units of whose state have the same value after every character, whatever was read.
///
/// It reads one step at a time. It is for writing and measuring, and not for training.
///
/// Reference: Alec Radford, Rafal Jozefowicz and Ilya Sutskever, "Learning to Generate Reviews and
/// Discovering Sentiment", 2017.
struct UnitSettingModel<Model: LanguageModel>: LanguageModel {
  /// A unit that has the same value after every character.
  private struct Held {
    /// Where its layer is among the state's tensors, [B, D], and its place in the layer.
    let place: Int
    let index: Int
    let value: Float
  }

  private let model: Model
  private let held: [Held]

  var vocabularySize: Int { model.vocabularySize }
  var parameters: [Parameter] { model.parameters }

  /// Throws `UnitError` for units that the model's state does not have; `architecture` is its name.
  init(_ model: Model, _ settings: [UnitSetting], architecture: String) throws(UnitError) {
    let state = model.initialState(batchSize: 1)
    let layers = StateLayers(state)
    guard !layers.named.isEmpty else {
      let shapes = state.tensors.map { tensor in
        tensor.shape.dimensions.dropFirst().map { "\($0)" }.joined(separator: " x ")
      }
      throw .noUnits(
        architecture: architecture,
        state: shapes.isEmpty ? "nothing" : "tensors of " + shapes.joined(separator: ", "))
    }
    var held: [Held] = []
    for setting in settings {
      let layer = try layers.layer(of: setting.unit)
      let index = setting.unit.index
      if held.contains(where: { $0.place == layer.place && $0.index == index }) {
        throw .repeated(name: "\(UnitName(layer: layer.name, index: index))")
      }
      held.append(Held(place: layer.place, index: index, value: setting.value))
    }
    self.model = model
    self.held = held
  }

  func initialState(batchSize: Int) -> Model.State { model.initialState(batchSize: batchSize) }

  func read(
    _ tokens: TokenBatch, state: inout Model.State, _ pass: ForwardPass
  ) -> (hidden: Tensor, logits: Tensor) {
    let size = tokens.batchSize
    var (hidden, logits): ([Tensor], [Tensor]) = ([], [])
    for step in 0..<tokens.timeLength {
      let flags = (0..<size).map { tokens.restarts.flag(step: step, row: $0, batchSize: size) }
      let batch = TokenBatch(
        Array(tokens.tokens[step * size..<(step + 1) * size]), timeLength: 1, batchSize: size,
        restarts: Restarts(flags))
      let result = model.read(batch, state: &state, pass)  // [1, B, H], [1, B, V]
      hidden.append(result.hidden)
      logits.append(result.logits)
      state = holding(state)
    }
    return (Tensor(stacking: hidden), Tensor(stacking: logits))  // [T, B, H], [T, B, V]
  }

  /// The state with the units' values in all rows.
  private func holding(_ state: Model.State) -> Model.State {
    var tensors = state.tensors
    for unit in held {
      let shape = tensors[unit.place].shape  // [B, D]
      var values = tensors[unit.place].array
      for row in 0..<shape[0] { values[row * shape[1] + unit.index] = unit.value }
      tensors[unit.place] = Tensor(values, shape: shape)
    }
    return state.replacingTensors(with: tensors)
  }
}

extension TextModel {
  /// The same model with units that have the same value after every character that it reads.
  ///
  /// Throws `UnitError` for units that the model does not have, those of the output among them.
  public func setting(_ units: [UnitSetting]) throws(UnitError) -> TextModel {
    if case .ngram = configuration {
      throw .noUnits(architecture: configuration.architectureName, state: "the last tokens")
    }
    return TextModel(
      self,
      languageModel: try Self.setting(
        units, in: languageModel, architecture: configuration.architectureName))
  }

  private static func setting(
    _ units: [UnitSetting], in model: some LanguageModel, architecture: String
  ) throws(UnitError) -> any LanguageModel {
    try UnitSettingModel(model, units, architecture: architecture)
  }
}
