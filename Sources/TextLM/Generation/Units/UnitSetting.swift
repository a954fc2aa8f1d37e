/// A unit of a recurrent state, and the value that it is held at.
public struct UnitSetting: Sendable, Equatable {
  /// The layer, from 0 at the input.
  public let layer: Int
  /// The unit's place in the layer, from 0.
  public let index: Int
  /// Its value.
  public let value: Float

  /// Takes all of them; whether there is such a unit is the model's to say.
  public init(layer: Int, index: Int, value: Float) {
    self.layer = layer
    self.index = index
    self.value = value
  }

  /// Reads `layer.index=value`, such as `0.238=-1.5`. Throws `UnitError.notation`.
  public init(_ text: String) throws(UnitError) {
    let sides = text.split(separator: "=", omittingEmptySubsequences: false)
    let places = (sides.first ?? "").split(separator: ".", omittingEmptySubsequences: false)
    guard sides.count == 2, places.count == 2, let layer = Int(places[0]), layer >= 0,
      let index = Int(places[1]), index >= 0, let value = Float(sides[1]), value.isFinite
    else { throw .notation(text) }
    self.init(layer: layer, index: index, value: value)
  }
}
