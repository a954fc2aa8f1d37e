/// What one unit is after each token of a text.
public struct UnitActivations: Sendable, Equatable {
  /// The unit.
  public let unit: UnitName
  /// A token of the text.
  public struct Place: Sendable, Equatable {
    /// The token.
    public let token: TokenID
    /// The bytes of the text that it stands for.
    public let range: Range<Int>
    /// The unit's value once the token was read.
    public let value: Float
  }

  /// The tokens in the order of the text.
  public let places: [Place]
}

extension TextModel {
  /// Reads a text token by token and tells what a unit is after each.
  ///
  /// Throws `SeeingError.noUnit` with the layers that there are, and `SeeingError.noUnits` for a model of
  /// n-grams.
  public func activations(
    of unit: UnitName, in text: UTF8Text
  ) throws(SeeingError) -> UnitActivations {
    try checkUnits()
    let located = tokenizer.encodeWithOffsets(text)
    let direction = configuration.direction
    let found = try languageModel.activations(of: unit, direction.ordered(located.tokens))
    let values = direction.ordered(found)
    return UnitActivations(
      unit: unit,
      places: values.indices.map { index in
        UnitActivations.Place(
          token: located.tokens[index], range: located.ranges[index], value: values[index])
      })
  }
}

extension LanguageModel {
  /// Opens the existential.
  fileprivate func activations(
    of unit: UnitName, _ tokens: [TokenID]
  ) throws(SeeingError) -> [Float] {
    let reader = UnitReader(self)
    let layers = reader.layers
    guard
      let layer = layers.firstIndex(where: { $0.name.utf8.elementsEqual(unit.layer.utf8) }),
      unit.index < layers[layer].size
    else {
      throw .noUnit(
        name: unit.description, layers: layers.map { "\($0.name).0 to \($0.size - 1)" })
    }
    var values: [Float] = []
    reader.read(tokens) { values.append($1[layer][unit.index]) }
    return values
  }
}

extension ShadedText {
  /// A unit's values as colours, as parts of the greatest, one colour above zero and another below.
  public init(_ activations: UnitActivations, of text: UTF8Text, _ tokenizer: Tokenizer) {
    let greatest = activations.places.reduce(0) { Swift.max($0, abs(Double($1.value))) }
    let pieces = activations.places.map { place in
      Piece(
        text: Self.shown(place.token, text, place.range, tokenizer),
        shade: Self.shade(Double(place.value), greatest: greatest),
        title: Numbers.fixed(Double(place.value), 4))
    }
    self.init(
      pieces: pieces,
      legend: "\(activations.unit) from −\(Numbers.significant(greatest)) to "
        + "\(Numbers.significant(greatest)), in two colours")
  }
}
