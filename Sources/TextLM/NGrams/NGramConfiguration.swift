/// What an n-gram model is told beside its text: the `config` of its model file.
public struct NGramConfiguration: Sendable, Equatable {
  /// N, the most tokens of an n-gram: each token is predicted from the N − 1 before it.
  public let order: Int
  /// From which end it reads.
  public let direction: ReadingDirection

  /// The name by which `--arch` and model files know n-gram models.
  public static let architectureName = "ngram"
  /// The orders that there are.
  public static let orders = 2...24
  /// The order that suits texts of about a million characters; less text wants a lower one.
  public static let standardOrder = 8

  /// A configuration of these parts. Throws `NGramError.order` for an order out of `orders`.
  public init(
    order: Int = standardOrder, direction: ReadingDirection = .forward
  ) throws(NGramError) {
    guard Self.orders.contains(order) else { throw .order(order) }
    self.order = order
    self.direction = direction
  }

  /// The JSON of a model file's `config`.
  public var json: JSONValue {
    var object: JSONObject = [
      "task": JSONValue(ModelConfiguration.task),
      "architecture": JSONValue(Self.architectureName), "order": JSONValue(order),
    ]
    if direction != .forward { object.append("direction", JSONValue(direction.rawValue)) }
    return .object(object)
  }

  /// Reads a `config`, which may come from anywhere.
  init(_ config: JSONField) throws {
    try config.allowOnly(["task", "architecture", "order", "direction"])
    order = try config.int("order", in: Self.orders)
    direction =
      try config.optionalField("direction").map { try ReadingDirection(named: $0) } ?? .forward
  }
}
