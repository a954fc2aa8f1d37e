import Foundation
import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

/// Recurrent layers that PyTorch has not, against their equations in PyTorch's float64. The cases'
/// tensors: input fill(1, [5, 2, 3], 1), parameters as each case says.
@Suite("Recurrent layers agree with their equations")
struct GoldenRecurrentTests {
  private let input = fill(1, [5, 2, 3], 1)
  private let scope = ParameterScope(RandomParameters(seed: 1))

  private func parameter(_ path: String) throws -> Parameter {
    try #require(scope.parameters.first { $0.path == path }, "no parameter \(path)")
  }

  /// The case has W, U and one b with seeds 2, 3 and 4.
  @Test("Gated recurrent units with the reset gate in front")
  func gruResettingBefore() throws {
    let encoder = try GRU(inputSize: 3, hiddenSize: 4, reset: .before, in: scope)
    let names = ["W": "weight_ih_l0", "U": "weight_hh_l0", "b": "bias_ih_l0"]
    let parameters = try names.mapValues { try parameter($0) }
    for (seed, name) in zip(2..., ["W", "U", "b"]) {
      let parameter = try #require(parameters[name])
      parameter.value = fill(seed, parameter.shape)
    }
    try parameter("bias_hh_l0").value = Tensor(zeros: [12])
    try GoldenCase("gru_reset_before").check(input: input, parameters: parameters) { input, pass in
      var state = encoder.initialState(batchSize: 2)
      return encoder(input, state: &state, pass)
    }
  }

  /// The case's gates are i, f, o, u, ours i, f, g, o with g for u.
  @Test func multiplicativeLSTM() throws {
    let encoder = try MultiplicativeLSTM(inputSize: 3, hiddenSize: 4, in: scope)
    func exchanging(_ tensor: Tensor) -> Tensor {
      Tensor(stacking: [0..<8, 12..<16, 8..<12].map { tensor[rows: $0] })
    }
    let paths = [
      "wx": "weight_ih_l0", "wh": "weight_hh_l0", "wmx": "weight_ih_m_l0",
      "wmh": "weight_hh_m_l0", "b": "bias_ih_l0",
    ]
    let gated: Set = ["wx", "wh", "b"]
    var gradients: [String: (Gradients) -> Tensor?] = ["x": { [input] in $0[input] }]
    for (seed, name) in zip(2..., ["wx", "wh", "wmx", "wmh", "b"]) {
      let parameter = try parameter(#require(paths[name]))
      let value = fill(seed, parameter.shape)
      parameter.value = gated.contains(name) ? exchanging(value) : value
      gradients[name] = { all in
        all[parameter].map { gated.contains(name) ? exchanging($0) : $0 }
      }
    }
    try GoldenCase("mult_lstm").check(watching: [input], gradients: gradients) { pass in
      var state = encoder.initialState(batchSize: 2)
      return encoder(input, state: &state, pass)
    }
  }

  /// The case has W, U and b with seeds 2, 3 and 4, round i's matrix with seed 10 + i and its bias with
  /// 20 + i; matrices of odd rounds are called Q, those of even ones R.
  @Test func mogrifier() throws {
    let encoder = try MogrifierLSTM(inputSize: 3, hiddenSize: 4, roundCount: 5, in: scope)
    var parameters: [String: Parameter] = [:]
    func add(_ name: String, _ path: String, seed: Int) throws {
      let parameter = try parameter(path)
      parameter.value = fill(seed, parameter.shape)
      parameters[name] = parameter
    }
    try add("W", "weight_ih_l0", seed: 2)
    try add("U", "weight_hh_l0", seed: 3)
    try add("b", "bias_ih_l0", seed: 4)
    for round in 1...5 {
      let name = "\(round.isMultiple(of: 2) ? "R" : "Q")\(round)"
      try add(name, "mogrify_l0.\(round).weight", seed: 10 + round)
      try add("b" + name, "mogrify_l0.\(round).bias", seed: 20 + round)
    }
    try GoldenCase("mogrifier_lstm_r5").check(
      input: input, parameters: parameters
    ) { input, pass in
      var state = encoder.initialState(batchSize: 2)
      return encoder(input, state: &state, pass)
    }
  }

  @Test(
    "Minimal units; the case has a matrix for each gate",
    arguments: [
      (MinimalRecurrence.Kind.gru, "mingru_logspace", ["Wz", "Wh"], [3, 2]),
      (.lstm, "minlstm_logspace", ["Wf", "Wi", "Wh"], [3, 4, 2]),
    ])
  func minimalUnits(
    kind: MinimalRecurrence.Kind, name: String, gates: [String], seeds: [Int]
  ) throws {
    let encoder = try MinimalRecurrence(kind, inputSize: 3, hiddenSize: 4, in: scope)
    let weight = try parameter("weight_ih")
    weight.value = Tensor(stacking: seeds.map { fill($0, [4, 3], 1) })
    var gradients: [String: (Gradients) -> Tensor?] = ["x": { [input] in $0[input] }]
    for (place, gate) in gates.enumerated() {
      gradients[gate] = { $0[weight]?[rows: 4 * place..<4 * (place + 1)] }
    }
    try GoldenCase(name).check(watching: [input], gradients: gradients) { pass in
      var state = encoder.initialState(batchSize: 2)
      return encoder(input, state: &state, pass)
    }
  }

  /// The case has W, R and b with seeds 2, 3 and 4, and begins with nothing seen.
  @Test func slstm() throws {
    let encoder = try SLSTM(inputSize: 3, hiddenSize: 4, in: scope)
    let names = ["W": "weight_ih_l0", "R": "weight_hh_l0", "b": "bias_ih_l0"]
    let parameters = try names.mapValues { try parameter($0) }
    for (seed, name) in zip(2..., ["W", "R", "b"]) {
      let parameter = try #require(parameters[name])
      parameter.value = fill(seed, parameter.shape)
    }
    try GoldenCase("slstm").check(input: input, parameters: parameters) { input, pass in
      var state = encoder.initialState(batchSize: 2)
      return encoder(input, state: &state, pass)
    }
  }

  /// The case has W [12, 4], v [8] and b [8] with seeds 2, 3 and 4, and an input of four.
  @Test func sru() throws {
    let encoder = try SRU(inputSize: 4, hiddenSize: 4, in: scope)
    let input = fill(1, [5, 2, 4], 1)
    let names = ["W": "weight_ih_l0", "v": "weight_v_l0", "b": "bias_ih_l0"]
    let parameters = try names.mapValues { try parameter($0) }
    for (seed, name) in zip(2..., ["W", "v", "b"]) {
      let parameter = try #require(parameters[name])
      parameter.value = fill(seed, parameter.shape)
    }
    let gradients = parameters.mapValues { parameter -> (Gradients) -> Tensor? in
      { all in all[parameter].map { $0.shape == [2, 4] ? $0.reshaped(to: [8]) : $0 } }
    }
    try GoldenCase("sru").check(
      watching: [input], gradients: gradients.merging(["x": { $0[input] }]) { first, _ in first }
    ) { pass in
      var state = encoder.initialState(batchSize: 2)
      return encoder(input, state: &state, pass)
    }
  }

  /// The case has one head, and q, k, v [5, 4], i, f [5] with seeds 1 to 5.
  @Test("The matrix memory of xLSTM, in one chunk and step by step")
  func matrixMemory() throws {
    let sequences = (1...3).map { fill($0, [5, 1, 4], 1) }
    let gates = (4...5).map { fill($0, [5, 1, 1], 1) }
    let memory = MatrixMemory(headCount: 1, headSize: 4)
    func read(_ steps: Range<Int>, _ state: inout MatrixMemory.State, _ pass: ForwardPass) -> Tensor
    {
      func part(_ tensor: Tensor) -> Tensor {
        steps == 0..<5 ? tensor : tensor[rows: steps]
      }
      return memory(
        MatrixMemory.Input(
          queries: part(sequences[0]), keys: part(sequences[1]), values: part(sequences[2]),
          inputGates: part(gates[0]), forgetGates: part(gates[1])),
        state: &state, pass
      ).reshaped(to: [steps.count, 4])
    }
    let named = Dictionary(uniqueKeysWithValues: zip(["q", "k", "v"], sequences))
    var gradients = named.mapValues { tensor -> (Gradients) -> Tensor? in
      { $0[tensor]?.reshaped(to: [5, 4]) }
    }
    for (name, tensor) in zip(["i", "f"], gates) {
      gradients[name] = { $0[tensor]?.reshaped(to: [5]) }
    }
    try GoldenCase("mlstm_xlstm").check(
      watching: sequences + gates, gradients: gradients
    ) { pass in
      var state = memory.initialState(batchSize: 1)
      return read(0..<5, &state, pass)
    }
    let pass = ForwardPass.inference()
    var (whole, single) = (memory.initialState(batchSize: 1), memory.initialState(batchSize: 1))
    let steps = (0..<5).map { read($0..<$0 + 1, &single, pass) }
    expectClose(
      Tensor(stacking: steps), read(0..<5, &whole, pass), tolerance: 1e-5, "steps one by one")
  }

  /// The case has W [12, 6] with the present input's columns first, seed 2, and b, seed 3.
  @Test func qrnn() throws {
    let encoder = try QRNN(inputSize: 3, hiddenSize: 4, window: 2, in: scope)
    let (weight, bias) = (try parameter("weight_ih_l0"), try parameter("bias_ih_l0"))
    weight.value = fill(2, weight.shape)
    bias.value = fill(3, bias.shape)
    try GoldenCase("qrnn_fo_window2").check(
      input: input, parameters: ["W": weight, "b": bias]
    ) { input, pass in
      var state = encoder.initialState(batchSize: 2)
      return encoder(input, state: &state, pass)
    }
  }

  /// The case's k, v are [5, 4], seeds 1 and 2; decay w = −exp(fill(3)) and bonus u = fill(4).
  @Test("The weighted mean of RWKV-4; gradients of k, v and u, and of w, which is not the case's")
  func weightedMean() throws {
    let (k, v) = (fill(1, [5, 1, 4], 1), fill(2, [5, 1, 4], 1))
    let decay = Tensor(fill(3, [4], 1).array.map { -exp($0) }, shape: [4])
    let bonus = fill(4, [4], 1)
    try GoldenCase("rwkv4_wkv").check(
      watching: [k, v, decay, bonus],
      gradients: [
        "k": { $0[k]?.reshaped(to: [5, 4]) }, "v": { $0[v]?.reshaped(to: [5, 4]) },
        "w_raw": { $0[decay]?.multiplied(by: decay) }, "u": { $0[bonus] },
      ]
    ) { pass in
      var state = Scan.wkv.initialState(batchSize: 1, width: 4)
      return pass.scan(
        .wkv, gates: pass.concatenate(k, v),
        parameters: pass.concatenate(decay, bonus).reshaped(to: [2, 4]), restarts: .none,
        state: &state
      ).reshaped(to: [5, 4])
    }
  }

  /// ln hₜ = aₜ + ln Σₛ exp(ln bₛ − aₛ), aₜ being the sum of all ln(1 − z) up to t: what parallel
  /// machines compute. In Double, for T = 40.
  @Test("A minimal GRU's steps equal the scan of logarithms")
  func logarithms() throws {
    let gates = fill(1, [40, 1, 2], 2)
    var state = Scan.minGRU.initialState(batchSize: 1, width: 1)
    let output = ForwardPass.inference().scan(
      .minGRU, gates: gates, restarts: .none, state: &state)
    func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
    var (kept, sum): (Double, Double) = (0, 0)
    let expected = stride(from: 0, to: 80, by: 2).map { index -> Double in
      let (z, a) = (Double(gates.array[index]), Double(gates.array[index + 1]))
      kept -= softplus(z)
      sum += exp(-softplus(-z) + (a >= 0 ? log(a + 0.5) : -softplus(-a)) - kept)
      return exp(kept + log(sum))
    }
    expectClose(output.array.map(Double.init), expected, tolerance: 1e-5, "output")
  }
}
