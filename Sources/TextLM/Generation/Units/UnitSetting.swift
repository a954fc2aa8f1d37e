/// A unit of a recurrent state, and the value that it is held at.
public struct UnitSetting: Sendable, Equatable {
  /// The unit, by a name that `UnitSurvey` gives it, such as `cell1.114`; or by the number of its layer,
  /// from 1 at the input, such as `1.114`.
  ///
  /// A number stands for what its layer remembers: of an LSTM the cell state, which the hidden state is
  /// made of, and of a simpler recurrent layer the hidden state.
  public let unit: UnitName
  /// Its value.
  public let value: Float

  /// Takes all of them; whether there is such a unit is the model's to say.
  public init(unit: UnitName, value: Float) {
    self.unit = unit
    self.value = value
  }

  /// Reads `layer.index=value`, such as `cell1.238=-1.5` or `1.238=-1.5`. Throws `UnitError.notation`.
  public init(_ text: String) throws(UnitError) {
    let sides = text.split(separator: "=", omittingEmptySubsequences: false)
    guard sides.count == 2, let unit = UnitName(String(sides[0])), let value = Float(sides[1]),
      value.isFinite
    else { throw .notation(text) }
    self.init(unit: unit, value: value)
  }
}
