extension RunSettings {
  /// The settings as they are stored with a run's state and in the training card.
  public var json: JSONValue {
    var object: JSONObject = [
      "config": model.json,
      "split": data.split.json,
      "batch_size": JSONValue(data.batchSize),
      "sequence_length": JSONValue(data.sequenceLength),
      "unit": JSONValue(type(of: data.segmenter).name),
      "minimum_count": JSONValue(data.vocabulary.minimumCount),
      "maximum_unit_count": data.vocabulary.maximumUnitCount.map { JSONValue($0) } ?? .null,
      "coverage": JSONValue(data.vocabulary.coverage),
      "frozen_vocabulary": JSONValue(data.vocabulary.frozen != nil),
    ]
    trainer.append(to: &object)
    plan.append(to: &object)
    data.reading?.append(to: &object)
    data.preparation.description.append(to: &object)
    object.append("evaluation_interval", evaluationInterval.map { JSONValue($0) } ?? .null)
    object.append("save_interval", saveInterval.map { JSONValue($0) } ?? .null)
    if rates != .equal { object.append("rates", rates.json) }
    if let transfer { object.append("transfer", transfer.json) }
    if initialization != .none {
      object.append("initialization", .array(initialization.texts.map { JSONValue($0) }))
    }
    object.append("patience", patience.map { JSONValue($0) } ?? .null)
    object.append("sample_length", sampleLength > 0 ? JSONValue(sampleLength) : .null)
    return .object(object)
  }

  /// Reads stored settings, which may come from anywhere. Texts of their own to validate on are not
  /// stored with a run and are given again.
  init(
    _ json: JSONField, validationFiles: [CorpusFile], registry: ArchitectureRegistry
  ) throws {
    let sizes = 1...1 << 24
    self.init(
      model: try ModelConfiguration(json.field("config"), registry: registry),
      data: TrainingData.Options(
        split: try CorpusSplit(json.field("split"), files: validationFiles),
        batchSize: try json.int("batch_size", in: sizes),
        sequenceLength: try json.int("sequence_length", in: sizes),
        reading: try ReadingRules(json),
        preparation: try TextPreparation(TextPreparationDescription(json)),
        segmenter: try SegmenterRegistry.builtIn.segmenter(
          named: json.string("unit"), locale: TextPreparationDescription(json).locale),
        vocabulary: VocabularyRule(
          minimumCount: try json.int("minimum_count", in: 1...Int.max),
          maximumUnitCount: try json.optionalField("maximum_unit_count")?.int(in: 1...Int.max),
          coverage: try json.optionalField("coverage")?.double(in: 0...1) ?? 1)),
      trainer: try TrainerSettings(json), plan: try LearningRatePlan(json),
      evaluationInterval: try json.optionalField("evaluation_interval")?.int(in: 1...Int.max),
      saveInterval: try json.optionalField("save_interval")?.int(in: 1...Int.max),
      patience: try json.optionalField("patience")?.int(in: 1...Int.max))
    if let rules = try json.optionalField("initialization") {
      initialization = try InitializationRules(
        parsing: rules.elements().map { try $0.string() })
    }
    rates = try json.optionalField("rates").map { try ParameterRates($0) } ?? .equal
    transfer = try json.optionalField("transfer").map { try TransferReport.Record($0) }
    sampleLength = try json.optionalField("sample_length")?.int(in: 1...1 << 20) ?? 0
  }
}

extension CorpusSplit {
  /// The split as it is stored.
  var json: JSONValue {
    switch self {
    case .tail(let fraction): ["kind": "tail", "fraction": JSONValue(fraction)]
    case .streams(let fraction): ["kind": "streams", "fraction": JSONValue(fraction)]
    case .files(let files): ["kind": "files", "files": .array(files.map(\.json))]
    case .fold(let number, let count):
      ["kind": "fold", "number": JSONValue(number), "count": JSONValue(count)]
    case .none: ["kind": "none"]
    }
  }

  init(_ json: JSONField, files: [CorpusFile]) throws {
    let kind = try json.string("kind")
    switch kind {
    case "tail": self = .tail(fraction: try json.double("fraction", in: 0...1))
    case "streams": self = .streams(fraction: try json.double("fraction", in: 0...1))
    case "files": self = .files(files)
    case "fold":
      let count = try json.int("count", in: CrossValidation.foldCounts)
      self = .fold(number: try json.int("number", in: 1...count), count: count)
    case "none": self = .none
    default:
      throw JSONFieldError.wrongType(
        path: json.path + ".kind", expected: "tail, streams, files, fold or none", found: kind)
    }
  }
}
