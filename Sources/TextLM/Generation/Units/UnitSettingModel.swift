/// A model some units of whose state have the same value after every character, whatever was read.
///
/// It reads one step at a time. It is for writing and measuring, and not for training.
///
/// Reference: Alec Radford, Rafal Jozefowicz and Ilya Sutskever, "Learning to Generate Reviews and
/// Discovering Sentiment", 2017.
struct UnitSettingModel<Model: LanguageModel>: LanguageModel {
  private let model: Model
  private let settings: [UnitSetting]

  var vocabularySize: Int { model.vocabularySize }
  var parameters: [Parameter] { model.parameters }

  /// Throws `UnitError` for units that the model's state does not have; `architecture` is its name.
  init(_ model: Model, _ settings: [UnitSetting], architecture: String) throws(UnitError) {
    let state = model.initialState(batchSize: 1)
    guard let units = (state as? any UnitState)?.units else {
      let shapes = state.tensors.map { tensor in
        tensor.shape.dimensions.dropFirst().map { "\($0)" }.joined(separator: " x ")
      }
      throw .noUnits(
        architecture: architecture,
        state: shapes.isEmpty ? "nothing" : "tensors of " + shapes.joined(separator: ", "))
    }
    for (place, setting) in settings.enumerated() {
      guard units.indices.contains(setting.layer) else {
        throw .layer(setting.layer, layerCount: units.count)
      }
      let unitCount = units[setting.layer].shape[1]
      guard setting.index < unitCount else {
        throw .index(setting.index, layer: setting.layer, unitCount: unitCount)
      }
      let isRepeated = settings[..<place].contains {
        $0.layer == setting.layer && $0.index == setting.index
      }
      if isRepeated { throw .repeated(layer: setting.layer, index: setting.index) }
    }
    self.model = model
    self.settings = settings
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
      if var units = state as? any UnitState {
        units.set(settings)
        if let set = units as? Model.State { state = set }
      }
    }
    return (Tensor(stacking: hidden), Tensor(stacking: logits))  // [T, B, H], [T, B, V]
  }
}

extension TextModel {
  /// The same model with units that have the same value after every character that it reads: of an
  /// LSTM the cell state, of a simpler recurrent network the hidden state.
  ///
  /// Throws `UnitError` for units that the model does not have.
  public func setting(_ units: [UnitSetting]) throws(UnitError) -> TextModel {
    TextModel(
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
