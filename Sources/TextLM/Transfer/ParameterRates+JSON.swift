extension ParameterRates {
  /// The rates as a run's settings have them.
  var json: JSONValue {
    [
      "frozen": .array(frozen.map { JSONValue($0.description) }),
      "factors": .array(factors.map { JSONValue($0.description) }),
      "unfreeze_interval": unfreezeInterval.map { JSONValue($0) } ?? .null,
    ]
  }

  init(_ json: JSONField) throws {
    self.init(
      frozen: try json.field("frozen").elements().map { PathPattern(try $0.string()) },
      factors: try json.field("factors").elements().map { try Factor($0.string()) },
      unfreezeInterval: try json.optionalField("unfreeze_interval")?.int(in: 1...Int.max))
  }
}
