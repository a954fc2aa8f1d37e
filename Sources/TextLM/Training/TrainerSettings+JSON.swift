extension TrainerSettings {
  /// Their members of a stored run; what is off is absent.
  func append(to object: inout JSONObject) {
    optimizer.append(to: &object)
    object.append("weight_decay", JSONValue(weightDecay))
    object.append("gradient_clip", clip.map { JSONValue($0.maximumNorm) } ?? .null)
    if let gradientLimit { object.append("gradient_limit", JSONValue(gradientLimit)) }
    if l1 > 0 { object.append("l1", JSONValue(l1)) }
    if l2 > 0 { object.append("l2", JSONValue(l2)) }
    object.append("seed", JSONValue(seed))
    object.append("precision", JSONValue(precision.rawValue))
    for (name, path) in Regularization.rates where regularization[keyPath: path] > 0 {
      // As it was written: 0.3 is not 0.30000001192092896.
      let rate = regularization[keyPath: path]
      object.append(name, JSONValue(Double(rate.description) ?? Double(rate)))
    }
    if regularization.isDropoutLocked { object.append("locked_dropout", true) }
    for (name, path) in NoiseRule.rates where noise[keyPath: path] > 0 {
      object.append(name, JSONValue(noise[keyPath: path]))
    }
    switch averaging {
    case .exponential(let decay): object.append("ema_decay", JSONValue(decay))
    case .triggered(let patience): object.append("asgd_patience", JSONValue(patience))
    case nil: break
    }
    if windows.isOffsetRandom { object.append("random_offset", true) }
    if windows.isShuffled { object.append("shuffle", true) }
    if windows.isLengthRandom { object.append("random_length", true) }
  }

  init(_ json: JSONField) throws {
    let rates = 0.0...1e6
    let precision = try json.string("precision")
    guard let precision = ComputePrecision(rawValue: precision) else {
      throw JSONFieldError.wrongType(
        path: json.path + ".precision", expected: "a known precision", found: precision)
    }
    var regularization = Regularization()
    for (name, path) in Regularization.rates {
      guard let field = try json.optionalField(name) else { continue }
      regularization[keyPath: path] = Float(try field.double(in: rates))
    }
    regularization.isDropoutLocked = try json.optionalField("locked_dropout")?.bool() ?? false
    var noise = NoiseRule()
    for (name, path) in NoiseRule.rates {
      noise[keyPath: path] = try json.optionalField(name)?.double(in: 0...1) ?? 0
    }
    var averaging: AveragingRule?
    if let decay = try json.optionalField("ema_decay") {
      averaging = .exponential(decay: try decay.double(in: 0...1))
    } else if let patience = try json.optionalField("asgd_patience") {
      averaging = .triggered(patience: try patience.int(in: 1...1 << 24))
    }
    self.init(
      seed: try json.uint64("seed"), precision: precision, optimizer: try OptimizerRule(json),
      weightDecay: try json.double("weight_decay", in: rates),
      clip: try json.optionalField("gradient_clip").map {
        GradientClip(maximumNorm: try $0.double(in: rates))
      },
      gradientLimit: try json.optionalField("gradient_limit")?.double(in: rates),
      l2: try json.optionalField("l2")?.double(in: rates) ?? 0,
      l1: try json.optionalField("l1")?.double(in: rates) ?? 0,
      regularization: regularization,
      windows: try WindowRule(json),
      noise: noise, averaging: averaging)
  }
}

extension WindowRule {
  fileprivate init(_ json: JSONField) throws {
    func flag(_ name: String) throws -> Bool { try json.optionalField(name)?.bool() ?? false }
    let isShuffled = try flag("shuffle")
    // Shuffled windows are equally long, so no run has both.
    let isLengthRandom = try flag("random_length") && !isShuffled
    self.init(
      isOffsetRandom: try flag("random_offset"), isLengthRandom: isLengthRandom,
      isShuffled: isShuffled)
  }
}

extension Regularization {
  /// The rates by the names that stored runs have for them.
  static var rates: [(name: String, path: WritableKeyPath<Regularization, Float>)] {
    [
      ("embedding_dropout", \.embeddingDropout), ("input_dropout", \.inputDropout),
      ("output_dropout", \.outputDropout), ("weight_drop", \.weightDrop),
      ("label_smoothing", \.labelSmoothing), ("activation_regularization", \.activation),
      ("temporal_activation_regularization", \.temporalActivation),
    ]
  }
}

extension NoiseRule {
  /// The rates by the names that stored runs have for them.
  static var rates: [(name: String, path: WritableKeyPath<NoiseRule, Double>)] {
    [
      ("noise_substitution", \.substitution), ("noise_deletion", \.deletion),
      ("noise_swap", \.swap), ("noise_case", \.caseChange),
    ]
  }
}
