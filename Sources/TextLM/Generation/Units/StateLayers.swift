/// The layers of a state whose units can be held, by their names and by their numbers.
struct StateLayers {
  /// A vector of the state.
  struct Layer {
    /// As `UnitLayer.name` has it.
    let name: String
    /// Where it is among the state's tensors, [B, D].
    let place: Int
    /// D.
    let size: Int
  }

  /// All of them, in the state's order.
  let named: [Layer]
  /// Those that the numbers 1, 2 and so on stand for, from the input up; none of a state without layers
  /// of units that stand for themselves.
  let numbered: [Layer]

  init(_ state: some EncoderState) {
    let tensors = state.tensors
    let layers = zip(state.vectorNames, state.vectorPlaces).map { name, place in
      Layer(name: name, place: place, size: tensors[place].shape[1])
    }
    let places = (state as? any UnitState)?.unitPlaces ?? []
    named = layers
    numbered = places.compactMap { place in layers.first { $0.place == place } }
  }

  /// The layer of a unit. Throws `UnitError.noUnit` or `UnitError.output`.
  func layer(of unit: UnitName) throws(UnitError) -> Layer {
    let number = numbered.indices.first { "\($0 + 1)" == unit.layer }
    let found = number.map { numbered[$0] } ?? named.first { $0.name == unit.layer }
    if let found, unit.index < found.size { return found }
    let layers = named.map { UnitLayer(name: $0.name, size: $0.size) }
    let numbers = numbered.map(\.name)
    if unit.layer.utf8.elementsEqual(UnitLayer.output.utf8) {
      throw .output(name: unit.description, layers: layers, numbered: numbers)
    }
    throw .noUnit(name: unit.description, layers: layers, numbered: numbers)
  }
}
