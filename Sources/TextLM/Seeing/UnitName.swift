/// A unit of a model: a component of one of its layers. Layers count from 1, units from 0.
public struct UnitName: Sendable, Equatable, CustomStringConvertible {
  /// The layer, such as `output` or `cell1`.
  public let layer: String
  /// The component, from 0.
  public let index: Int

  /// A unit of that name.
  public init(layer: String, index: Int) {
    self.layer = layer
    self.index = index
  }

  /// Reads `output.17`; nil for anything else.
  public init?(_ text: String) {
    guard let point = text.lastIndex(of: "."), point > text.startIndex,
      let index = Int(text[text.index(after: point)...]), index >= 0
    else { return nil }
    self.init(layer: String(text[..<point]), index: index)
  }

  /// As `init(_:)` reads it.
  public var description: String { "\(layer).\(index)" }

  /// Whether layers are called alike, byte by byte.
  public static func == (left: UnitName, right: UnitName) -> Bool {
    left.layer.utf8.elementsEqual(right.layer.utf8) && left.index == right.index
  }
}

/// Units that a model has side by side.
public struct UnitLayer: Sendable, Equatable {
  /// `output`, what the model predicts from; `hidden1`, `cell1` and so on, what its recurrent layers remember,
  /// from the bottom up; `state1` and so on, vectors of another state in its order.
  public let name: String
  /// How many they are.
  public let size: Int

  /// The name of what the model predicts from.
  static let output = "output"
}
