/// Reads a text token by token and shows what all units of the model are after each.
struct UnitReader<Model: LanguageModel> {
  private let model: Model
  /// The layers: the output, then the vectors of the state.
  let layers: [UnitLayer]

  init(_ model: Model) {
    self.model = model
    var state = model.initialState(batchSize: 1)
    let first = TokenBatch([Vocabulary.boundary], timeLength: 1, batchSize: 1)
    let values = Self.values(model.read(first, state: &state, .inference()).hidden, state)
    let names = [UnitLayer.output] + state.vectorNames
    layers = zip(names, values).map { UnitLayer(name: $0, size: $1.count) }
  }

  /// Calls `body` with the place of each token in the order of reading, and the values of each layer after
  /// it. The boundary is read before the first.
  func read(_ tokens: [TokenID], _ body: (_ place: Int, _ values: [[Float]]) -> Void) {
    let pass = ForwardPass.inference()
    var state = model.initialState(batchSize: 1)
    for (step, token) in ([Vocabulary.boundary] + tokens).enumerated() {
      let batch = TokenBatch([token], timeLength: 1, batchSize: 1)
      let hidden = model.read(batch, state: &state, pass).hidden  // [1, 1, H]
      if step > 0 { body(step - 1, Self.values(hidden, state)) }
    }
  }

  /// The output, and each vector of the state.
  private static func values(_ hidden: Tensor, _ state: Model.State) -> [[Float]] {
    [hidden.array] + state.vectors.map(\.array)
  }
}
