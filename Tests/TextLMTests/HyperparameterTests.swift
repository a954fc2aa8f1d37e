import TextLM
import TextLMTestSupport
import Testing

@Suite("Hyperparameters")
struct HyperparameterTests {
  private static let known: [Hyperparameter] = [
    .count("heads", in: 1...8, standard: 2, "parts"),
    .rate("dropout", standard: 0.1, "part dropped"),
    .number("scale", in: -2...4, standard: 1.5, "a factor"),
    .choice("positions", of: ["rotary", "absolute"], standard: "rotary", "how places are told"),
  ]

  private func values(_ written: [(name: String, value: String)]) throws -> Hyperparameters {
    try Hyperparameters(written: written, known: Self.known, architecture: "test")
  }

  @Test("Each kind takes what it allows, written or stored, and is written as it was")
  func kinds() throws {
    let standard = try values([])
    #expect(standard.count("heads") == 2 && standard.rate("dropout") == 0.1)
    #expect(standard.number("scale") == 1.5 && standard.choice("positions") == "rotary")
    let given = try values([
      ("heads", "8"), ("dropout", "0"), ("scale", "-2"), ("positions", "absolute"),
    ])
    #expect(given.count("heads") == 8 && given.rate("dropout") == 0)
    #expect(given.number("scale") == -2 && given.choice("positions") == "absolute")
    #expect(try values(given.written(Self.known)) == given)
    let json = given.json(Self.known)
    #expect(try json.text() == #"{"heads":8,"dropout":0.0,"scale":-2.0,"positions":"absolute"}"#)
    let stored = try Hyperparameters(
      stored: JSONField(json, path: "values"), known: Self.known, architecture: "test")
    #expect(stored == given)
  }

  @Test(
    "Anything else is refused with what is allowed",
    arguments: [
      ("heads", "2.0", "a whole number from 1 to 8"), ("heads", "9", "a whole number"),
      ("dropout", "1", "a number from 0 to below 1"),
      ("scale", "4.01", "a number from -2.0 to 4.0"), ("scale", "nan", "a number"),
      ("scale", "large", "a number"), ("positions", "Rotary", "rotary or absolute"),
      ("positions", "", "rotary or absolute"), ("positions", "1", "rotary or absolute"),
    ])
  func refusals(name: String, value: String, allowed: String) throws {
    let error = #expect(throws: ArchitectureError.self) { try values([(name, value)]) }
    let text = error?.description ?? ""
    #expect(text.contains("test: \(name) is \(value), but must be \(allowed)"), "\(text)")
  }

  @Test("A stored value of another kind is refused", arguments: ["[1]", "null", "true", "\"2\""])
  func storedKinds(value: String) throws {
    let json = try JSONValue(parsing: #"{"heads": \#(value)}"#)
    #expect(throws: ArchitectureError.self) {
      try Hyperparameters(
        stored: JSONField(json, path: "values"), known: Self.known, architecture: "test")
    }
  }

  @Test("A width is sought among those that go with the rest")
  func sizing() throws {
    let configuration = try ModelSizing.configuration(
      parameterCount: 20_800, vocabularySize: 10, widths: 1...4096
    ) { width in
      let architecture = EvenArchitecture(
        try Hyperparameters(
          written: [("hidden_size", "\(width)")], known: EvenArchitecture.hyperparameters,
          architecture: EvenArchitecture.name))
      return ModelConfiguration(architecture: architecture, embeddingSize: 8)
    }
    let width = configuration.architecture.outputSize
    #expect(width % EvenArchitecture.divisor == 0)
    let count = configuration.parameterCount(vocabularySize: 10)
    #expect(abs(Double(count) / 20_800 - 1) <= ModelSizing.tolerance)
    #expect(throws: ArchitectureError.combination(architecture: "even", problem: "7 is odd")) {
      try EvenArchitecture(written: [("hidden_size", "7")])
    }
    let stored = try JSONField(JSONValue(parsing: #"{"hidden_size": 7}"#), path: "values")
    #expect(throws: ArchitectureError.self) { try EvenArchitecture(stored: stored) }
  }

  @Test("A receptive field longer than the text is refused with both lengths")
  func receptiveField() throws {
    let architecture = EvenArchitecture(
      try Hyperparameters(
        written: [], known: EvenArchitecture.hyperparameters, architecture: "even"))
    let settings = RunSettings(
      model: ModelConfiguration(architecture: architecture, embeddingSize: 8),
      data: TrainingData.Options(batchSize: 1, sequenceLength: 1),
      trainer: TrainerSettings(seed: 1, precision: .float32),
      plan: LearningRatePlan(peak: 0.1, warmupSteps: 0, horizon: .steps(1)))
    try settings.checkReceptiveField(textLength: 100)
    let error = ArchitectureError.receptiveField(architecture: "even", length: 100, textLength: 99)
    #expect(throws: error) { try settings.checkReceptiveField(textLength: 99) }
    #expect(error.description.contains("on 100 characters, but the text to train on has only 99"))
  }
}

/// An LSTM layer whose width must be divisible by six.
private struct EvenArchitecture: CausalArchitecture {
  static let name = "even"
  static let divisor = 6
  static let hyperparameters: [Hyperparameter] = [
    .count("hidden_size", in: 1...4096, standard: 12, "width")
  ]
  let values: Hyperparameters

  init(_ values: Hyperparameters) { self.values = values }

  static func validate(_ values: Hyperparameters) throws(ArchitectureError) {
    let width = values.count("hidden_size")
    guard width.isMultiple(of: divisor) else {
      throw .combination(architecture: name, problem: "\(width) is odd")
    }
  }

  var outputSize: Int { values.count("hidden_size") }
  var receptiveField: Int? { 100 }
  func parameterCount(inputSize: Int) -> Int { 4 * outputSize * (inputSize + outputSize + 2) }
  func activationCount(inputSize: Int) -> Int { 8 * outputSize }
  func makeEncoder(inputSize: Int, in scope: ParameterScope) throws -> LSTM {
    try LSTM(inputSize: inputSize, hiddenSize: outputSize, in: scope)
  }
}
