/// A model that reads a text forward and, if there is one, another that reads it backward.
///
/// A text's cost is what the forward model needs for it or, with both, the mean of the two: each has
/// read all of the text, but where it is odd they notice it at different places.
public struct DirectedModels: Sendable {
  /// The model that reads from the first unit on.
  public let forward: TextModel
  /// The model that reads from the last unit back.
  public let backward: TextModel?
  /// What the forward model is called in messages.
  let name: String

  /// The models called so. Throws `FillError.direction` for one that reads from the other end.
  public init(
    forward: (model: TextModel, name: String), backward: (model: TextModel, name: String)? = nil
  ) throws(FillError) {
    guard forward.model.configuration.direction == .forward else {
      throw .direction(model: forward.name, wanted: .forward)
    }
    if let backward, backward.model.configuration.direction != .backward {
      throw .direction(model: backward.name, wanted: .backward)
    }
    self.forward = forward.model
    self.backward = backward?.model
    name = forward.name
  }

  /// What a text costs.
  public struct Cost: Sendable, Equatable {
    /// Its place among the texts that were given.
    public let index: Int
    /// The text.
    public let text: String
    /// Nats of the forward model.
    public let forwardNats: Double
    /// Nats of the backward model; nil without one.
    public let backwardNats: Double?
    /// Characters of the text as the forward model counts them.
    public let characterCount: Int

    /// Both, their mean.
    public var nats: Double { backwardNats.map { (forwardNats + $0) / 2 } ?? forwardNats }
  }

  /// Texts from the likeliest to the least likely; of equal ones the first comes first.
  ///
  /// Throws `ScoringError.empty` for a text without characters.
  public func ranked(_ texts: [String]) throws(ScoringError) -> [Cost] {
    if let index = texts.firstIndex(where: \.utf8.isEmpty) { throw .empty(index: index) }
    let units = texts.map { UTF8Text($0) }
    let ahead = try forward.score(units)
    let back = try backward?.score(units)
    let costs = texts.indices.map { index in
      Cost(
        index: index, text: texts[index], forwardNats: ahead[index].nats,
        backwardNats: back?[index].nats, characterCount: ahead[index].counts.characters)
    }
    return costs.sorted { ($0.nats, $0.index) < ($1.nats, $1.index) }
  }
}
