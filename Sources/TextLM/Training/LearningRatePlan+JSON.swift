extension LearningRatePlan {
  /// Its members of a stored run.
  func append(to object: inout JSONObject) {
    object.append("learning_rate", JSONValue(peak))
    object.append("floor_ratio", JSONValue(floorRatio))
    object.append("warmup_steps", JSONValue(warmupSteps))
    course.append(to: &object)
    switch horizon {
    case .steps(let steps): object.append("steps", JSONValue(steps))
    case .epochs(let epochs): object.append("epochs", JSONValue(epochs))
    case .seconds(let seconds): object.append("seconds", JSONValue(seconds))
    }
    if let mostEpochs { object.append("most_epochs", JSONValue(mostEpochs)) }
  }

  init(_ json: JSONField) throws {
    let horizon: Horizon
    if let steps = try json.optionalField("steps") {
      horizon = .steps(try steps.int(in: 0...Int.max))
    } else if let epochs = try json.optionalField("epochs") {
      horizon = .epochs(try epochs.int(in: 0...Int.max))
    } else {
      horizon = .seconds(try json.double("seconds", in: 0...1e12))
    }
    self.init(
      peak: try json.double("learning_rate", in: 0...1e6),
      floorRatio: try json.double("floor_ratio", in: 0...1),
      warmupSteps: try json.int("warmup_steps", in: 0...Int.max),
      course: try LearningRateCourse(json), horizon: horizon,
      mostEpochs: try json.optionalField("most_epochs")?.int(in: 1...Int.max))
  }
}
