import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Rules for initial values")
struct InitializationRuleTests {
  /// A model's parameters by path: an embedding, a layer of 4 units and an output.
  private func parameters(_ rules: [String]) throws -> [String: Parameter] {
    let rules = try InitializationRules(parsing: rules)
    let root = ParameterScope(RandomParameters(seed: 1, rules: rules))
    _ = try Embedding(vocabularySize: 5, embeddingSize: 3, in: root["embedding"])
    _ = try LSTM(inputSize: 3, hiddenSize: 4, in: root["rnn"])
    _ = try Linear(inputSize: 4, outputSize: 5, in: root["head"])
    try rules.check(root.parameters)
    return Dictionary(uniqueKeysWithValues: root.parameters.map { ($0.path, $0) })
  }

  /// The paths of parameters that differ from those without rules.
  private func changed(_ rules: [String]) throws -> Set<String> {
    let (standard, ruled) = (try parameters([]), try parameters(rules))
    return Set(standard.keys.filter { standard[$0]?.value.array != ruled[$0]?.value.array })
  }

  @Test(
    "A rule changes what it names, and nothing else",
    arguments: [
      ("embedding=uniform:0.1", ["embedding.weight"]), ("embedding=identity", ["embedding.weight"]),
      ("input=he-normal", ["rnn.weight_ih_l0"]),
      ("recurrent=xavier-normal:2", ["rnn.weight_hh_l0"]), ("output=normal:0.02", ["head.weight"]),
      ("bias=0.25", ["rnn.bias_ih_l0", "rnn.bias_hh_l0", "head.bias"]),
      ("forget-bias=2", ["rnn.bias_ih_l0"]), ("forget-bias=chrono:50", ["rnn.bias_ih_l0"]),
      ("head.*=zeros", ["head.weight"]),
      ("rnn.weight_*_l0=he-uniform", ["rnn.weight_ih_l0", "rnn.weight_hh_l0"]),
      (
        "*=torch",
        [
          "embedding.weight", "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0",
          "rnn.bias_hh_l0", "head.weight",
        ]
      ),
    ])
  func places(rule: String, paths: [String]) throws {
    #expect(try changed([rule]) == Set(paths))
  }

  @Test("Values are as written, and of several rules the last counts")
  func values() throws {
    let bias = try parameters(["bias=1", "forget-bias=-3"])["rnn.bias_ih_l0"]?.value.array
    #expect(bias == [0, 0, 0, 0, -3, -3, -3, -3, 0, 0, 0, 0, 0, 0, 0, 0])
    let constant = try parameters(["embedding=zeros", "embedding=2.5"])["embedding.weight"]
    #expect(constant?.value.array == Array(repeating: 2.5, count: 15))
    // ±1 / √H of 4 units.
    let torch = try #require(try parameters(["recurrent=torch"])["rnn.weight_hh_l0"]?.value.array)
    #expect(torch.allSatisfy { abs($0) <= 0.5 } && torch.contains { abs($0) > 0.4 })
  }

  @Test("Recurrent weights are orthogonal by gate")
  func orthogonalByGate() throws {
    let values = try #require(
      try parameters(["recurrent=zeros", "recurrent=orthogonal:2"])["rnn.weight_hh_l0"]?.value.array
    )
    for gate in 0..<4 {
      let rows = (0..<4).map { values[(gate * 4 + $0) * 4..<(gate * 4 + $0 + 1) * 4] }
      for (left, right) in [(0, 0), (0, 1), (2, 3), (3, 3)] {
        let product = zip(rows[left], rows[right]).reduce(0) { $0 + Double($1.0 * $1.1) }
        expectClose(product, left == right ? 4 : 0, tolerance: 2e-6, "gate \(gate)")
      }
    }
  }

  @Test(
    "Rules that cannot be read are refused",
    arguments: [
      "recurrent", "weights=zeros", "bias=nothing", "bias=uniform", "bias=zeros:1",
      "bias=nan", "input=he-normal:x", "forget-bias=chrono:2", "=zeros", "input=",
    ])
  func unreadable(rule: String) {
    #expect(throws: InitializationError.self) { try InitializationRules(parsing: [rule]) }
  }

  @Test(
    "Rules that do not suit a parameter, or are for none, are refused",
    arguments: [
      "bias=orthogonal", "*=xavier-uniform", "input=chrono:9", "forget-bias=torch",
      "lstm.*=zeros", "rnn.*_l1=zeros",
    ])
  func unsuitable(rule: String) {
    #expect(throws: InitializationError.self) { try parameters([rule]) }
  }

  @Test("Errors say what there is")
  func messages() {
    #expect(
      throws: InitializationError.unsuitable(
        rule: "bias=orthogonal", path: "rnn.bias_ih_l0", shape: [16])
    ) {
      try parameters(["bias=orthogonal"])
    }
    #expect(
      "\(InitializationError.unknownKind("weights", known: ["embedding", "bias"]))" == """
        'weights' is no kind of parameters: use one of embedding, bias, or a pattern over paths such \
        as rnn.*_l0
        """)
    #expect(
      "\(InitializationError.matchesNothing(rule: "x.*=zeros", paths: ["head.bias"]))"
        == "'x.*=zeros' is for no parameter of this model; they are head.bias")
  }

  @Test("Rules keep how they are written")
  func texts() throws {
    let texts = ["recurrent=orthogonal", "forget-bias=2"]
    #expect(try InitializationRules(parsing: texts).texts == texts)
    #expect(InitializationRules.none.texts.isEmpty)
  }
}
