import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

/// Convolutions and memory networks give the numbers of their definitions in PyTorch 2.13, float64,
/// tensors being filled as `fill` does, with seeds 1 for x and 2 .. for the parameters in the order of
/// the case's gradients.
@Suite("Convolutions and memory networks agree with PyTorch")
struct GoldenConvolutionTests {
  /// The case `tcn_block_k2_d2`:
  ///
  /// ```python
  /// conv = lambda x, w, b: F.conv1d(F.pad(x, (2, 0)), w, b, dilation=2)          # k = 2
  /// wn = lambda v, g: v * (g / v.flatten(1).norm(dim=1))[:, None, None]
  /// o = F.relu(conv(x, wn(v1, g1), b1)); o = F.relu(conv(o, wn(v2, g2), b2)); y = F.relu(o + F.conv1d(x, wd, bd))
  /// ```
  ///
  /// x is [2, 3, 7], gains are filled with amplitude 1.
  private static let block = GoldenCase(
    shape: [2, 4, 7],
    head: [
      0.7282977295119766, 0.21230120169071348, 0.0, 0.0, 0.0, 0.22275572104207592,
      0.8464086564744921, 0.0,
    ],
    tail: [0.5385459803732381, 0.010597270253375035, 0.0],
    sum: 16.39264100599741, loss: 0.6990295175004732,
    gradients: [
      "x": .init([2, 3, 7], sum: -12.42973484874681, probe: -1.1778647009232703),
      "v1": .init([4, 3, 2], sum: 9.604214318206985, probe: -0.36751378707608673),
      "g1": .init([4], sum: -1.5954903740834683, probe: 1.2161480106182476),
      "b1": .init([4], sum: 0.034667082432446705, probe: -0.1421904095778559),
      "v2": .init([4, 4, 2], sum: 3.4348861460630227, probe: 0.8245530660341414),
      "g2": .init([4], sum: 0.16655288014680764, probe: 0.7669556331797179),
      "b2": .init([4], sum: -0.9935323041510022, probe: 0.9187803294487116),
      "wd": .init([4, 3, 1], sum: -42.5208300099456, probe: 4.869585820185499),
      "bd": .init([4], sum: -0.9935323041510022, probe: 0.9187803294487116),
    ])

  @Test("A residual block of weight-normalized convolutions")
  func temporalBlock() {
    let shapes: [(String, Shape)] = [
      ("v1", [4, 3, 2]), ("g1", [4]), ("b1", [4]), ("v2", [4, 4, 2]), ("g2", [4]), ("b2", [4]),
      ("wd", [4, 3, 1]), ("bd", [4]),
    ]
    var inputs = ["x": fill(1, [2, 3, 7], 1)]
    for (index, (name, shape)) in shapes.enumerated() {
      inputs[name] = fill(index + 2, shape, name.hasPrefix("g") ? 1 : 0.4)
    }
    let tensors = inputs
    Self.block.check(inputs: inputs) { pass in
      func tensor(_ name: String) -> Tensor { tensors[name] ?? Tensor(0) }
      func convolution(_ input: Tensor, _ number: Int) -> Tensor {
        let weight = pass.weightNorm(
          direction: tensor("v\(number)"), gain: tensor("g\(number)"))
        return dilated(input, weight, tensor("b\(number)"), dilation: 2, pass)
      }
      let x = pass.permute(tensor("x"), [2, 0, 1])  // [T, B, C]
      let inner = pass.relu(convolution(pass.relu(convolution(x, 1)), 2))
      let side = dilated(x, tensor("wd"), tensor("bd"), dilation: 1, pass)
      return pass.permute(pass.relu(pass.add(inner, side)), [1, 2, 0])
    }
  }

  /// The case `wavenet_layer_k2_d4`:
  ///
  /// ```python
  /// conv = lambda x, w, b: F.conv1d(F.pad(x, (4, 0)), w, b, dilation=4)          # k = 2
  /// z = torch.tanh(conv(x, wf, bf)) * torch.sigmoid(conv(x, wg, bg))
  /// y = torch.cat([x + F.conv1d(z, wr, br), F.conv1d(z, ws, bs)], 1)
  /// ```
  private static let gated = GoldenCase(
    shape: [2, 8, 7],
    head: [
      0.8676848906613364, 0.18592500997156053, -0.682243591369138, -1.0800502115403456,
      -0.6396896141980869, 0.17187061127573508, 0.804619988595822, 0.979212446335008,
    ],
    tail: [0.07213939734783473, 0.08519320565709507, 0.08569622306869779],
    sum: -2.841576270568697, loss: -20.839943285766246,
    gradients: [
      "x": .init([2, 3, 7], sum: -0.20303285240435487, probe: -3.519689446657789),
      "wf": .init([4, 3, 2], sum: 2.616039586431092, probe: -0.11731376852664382),
      "bf": .init([4], sum: 0.00018482987829023662, probe: -0.05039258747666341),
      "wg": .init([4, 3, 2], sum: -0.23498556202079296, probe: -0.009613357330695564),
      "bg": .init([4], sum: -0.010114402301633234, probe: 0.03711609778984426),
      "wr": .init([3, 4, 1], sum: 1.7994005404611109, probe: -0.10952936480383832),
      "br": .init([3], sum: -0.11408322655809244, probe: 0.08204982793761995),
      "ws": .init([5, 4, 1], sum: 3.0277685199876174, probe: 0.08508764679475733),
      "bs": .init([5], sum: -0.18751572203416422, probe: 0.0549118683597102),
    ])

  @Test("A gated layer with residual and skip")
  func gatedLayer() {
    let shapes: [(String, Shape)] = [
      ("wf", [4, 3, 2]), ("bf", [4]), ("wg", [4, 3, 2]), ("bg", [4]), ("wr", [3, 4, 1]),
      ("br", [3]),
      ("ws", [5, 4, 1]), ("bs", [5]),
    ]
    var inputs = ["x": fill(1, [2, 3, 7], 1)]
    for (index, (name, shape)) in shapes.enumerated() { inputs[name] = fill(index + 2, shape) }
    let tensors = inputs
    Self.gated.check(inputs: inputs) { pass in
      func tensor(_ name: String) -> Tensor { tensors[name] ?? Tensor(0) }
      let x = pass.permute(tensor("x"), [2, 0, 1])  // [T, B, C]
      let filter = dilated(x, tensor("wf"), tensor("bf"), dilation: 4, pass)
      let gate = dilated(x, tensor("wg"), tensor("bg"), dilation: 4, pass)
      let z = pass.multiply(pass.tanh(filter), pass.sigmoid(gate))
      let residual = pass.add(x, dilated(z, tensor("wr"), tensor("br"), dilation: 1, pass))
      let skip = dilated(z, tensor("ws"), tensor("bs"), dilation: 1, pass)
      return pass.permute(pass.concatenate(residual, skip), [1, 2, 0])
    }
  }

  /// A convolution after zeros, with a weight [O, C, k].
  private func dilated(
    _ input: Tensor, _ weight: Tensor, _ bias: Tensor, dilation: Int, _ pass: ForwardPass
  ) -> Tensor {
    let (outputSize, width, taps) = (weight.shape[0], weight.shape[1], weight.shape[2])
    let parts = pass.split(
      pass.permute(weight, [2, 0, 1]), Array(repeating: 1, count: taps), axis: 0)
    let before = Tensor(zeros: [(taps - 1) * dilation, input.shape[1], width])
    return pass.convolution(
      pass.concatenate([before, input], axis: 0),
      taps: parts.map { $0.reshaped(to: [outputSize, width]) }, bias: bias, dilation: dilation)
  }

  /// The case `memn2n_lm`:
  ///
  /// ```python
  /// A, C = fill(1, (6, 4)), fill(2, (6, 4)); TA, TC = fill(3, (3, 4)), fill(4, (3, 4)); H = fill(5, (4, 4)); W = fill(6, (6, 4))
  /// ctx = [[0, 3, 5], [2, 2, 1]]; m, c = A[ctx] + TA, C[ctx] + TC; u = torch.full((2, 4), 0.1)
  /// for _ in range(3):
  ///     u2 = u @ H.T + (torch.softmax((m @ u[:, :, None])[..., 0], 1)[..., None] * c).sum(1)
  ///     u = torch.cat([u2[:, :2], F.relu(u2[:, 2:])], 1)
  /// y = torch.log_softmax(u @ W.T, 1)
  /// ```
  private static let memory = GoldenCase(
    shape: [2, 6],
    head: [
      -1.8369455066437423, -1.720442876836421, -1.8731719180077049, -1.7157524416370398,
      -1.8453578811263724, -1.7703278201675472, -1.807204760296372, -1.7925424573858497,
    ],
    tail: [-1.8409488824339206, -1.7203870221633606, -1.8456855512031844],
    sum: -21.51878480360221, loss: -2.1687475405478263,
    gradients: [
      "A": .init([6, 4], sum: 0.0, probe: 0.0006364169978640448),
      "C": .init([6, 4], sum: 1.2678957409389515, probe: -0.07885876931979875),
      "TA": .init([3, 4], sum: 0.0, probe: -0.016315399580522548),
      "TC": .init([3, 4], sum: 1.2678957409389515, probe: -0.28753785071796806),
      "H": .init([4, 4], sum: 0.20893499072408328, probe: 0.05329466685350522),
      "W": .init([6, 4], sum: 0.0, probe: -0.060034636080209494),
    ])

  @Test("An end-to-end memory network of three hops over three symbols")
  func memoryNetwork() throws {
    let scope = ParameterScope(RandomParameters(seed: 1))
    let network = try MemoryNetwork(
      inputSize: 6, size: 4, hopCount: 3, slotCount: 3, slotSize: 1, querySize: 0, in: scope)
    func set(_ path: String, _ value: Tensor) throws -> Parameter {
      let parameter = try #require(scope.parameters.first { $0.path == path })
      parameter.value = value.reshaped(to: parameter.shape)
      return parameter
    }
    // The network's matrices are [d, V], the case's tables [V, d].
    let memory = try set("memory.weight", fill(1, [6, 4]).permuted([1, 0]))
    let content = try set("content.weight", fill(2, [6, 4]).permuted([1, 0]))
    let parameters = [
      "TA": try set("T_A", fill(3, [3, 4])), "TC": try set("T_C", fill(4, [3, 4])),
      "H": try set("hop.weight", fill(5, [4, 4])),
    ]
    let output = fill(6, [6, 4])
    let symbols = [0, 2, 3, 2, 5, 1]  // time-major
    let oneHot = Tensor(
      symbols.flatMap { symbol in (0..<6).map { $0 == symbol ? Float(1) : 0 } }, shape: [3, 2, 6])
    func logits(_ pass: ForwardPass) -> Tensor {
      var state = network.initialState(batchSize: 2)
      let read = network(oneHot, state: &state, pass)
      return pass.linear(pass.slice(read, 2..<3, axis: 0), weight: output).reshaped(to: [2, 6])
    }
    // log softmax is −cross-entropy with each symbol in turn.
    let z = logits(.inference())
    let y = (0..<2).flatMap { row in
      (0..<6).map {
        -Double(
          ForwardPass.inference().softmaxCrossEntropy(z[rows: row..<row + 1], targets: [$0]).item)
      }
    }
    expectClose(Array(y.prefix(8)), Self.memory.y_head, tolerance: 2e-6, "first outputs")
    expectClose(Array(y.suffix(3)), Self.memory.y_tail, tolerance: 2e-6, "last outputs")
    let weights = fill(99, [2, 6], 1).array
    let (loss, gradients) = valueWithGradients(random: RandomSource(seed: 1)) { pass in
      pass.watch(output)
      let z = logits(pass)
      var loss = Tensor(0)
      for row in 0..<2 {
        for symbol in 0..<6 {
          let one = pass.softmaxCrossEntropy(
            pass.slice(z, row..<row + 1, axis: 0), targets: [Int32(symbol)])
          loss = pass.add(loss, pass.multiply(one, Tensor(-weights[row * 6 + symbol])))
        }
      }
      return loss
    }
    expectClose(Double(loss), Self.memory.L, tolerance: 1e-5, "loss")
    var results: [String: Tensor] = parameters.compactMapValues { gradients[$0] }
    results["W"] = gradients[output]
    results["A"] = gradients[memory]?.reshaped(to: [4, 6]).permuted([1, 0])
    results["C"] = gradients[content]?.reshaped(to: [4, 6]).permuted([1, 0])
    #expect(Set(results.keys) == Set(Self.memory.grads.keys))
    for (name, expected) in Self.memory.grads {
      let gradient = try #require(results[name])
      let sum = gradient.array.reduce(0) { $0 + Double($1) }
      expectClose(sum, expected.gsum, tolerance: 1e-5, "sum of the gradient of \(name)")
      expectClose(
        probe(gradient, seed: 98), expected.gdot, tolerance: 1e-5,
        "probe of the gradient of \(name)")
    }
  }

  /// The case `layernorm_eps1e-5`: `F.layer_norm(x, (5,), gamma, beta, 1e-5)` of x = fill(1, (3, 5), 2),
  /// gamma = fill(2, (5,), 1) and beta = fill(3, (5,)).
  private static let layerNorm = GoldenCase(
    shape: [3, 5],
    head: [
      -1.1688223170562642, -0.6480419454516017, 0.7162129602633044, 0.2570372264954679,
      -0.33952785662851065, -0.20788401743246024, -1.0089967141718064, -0.4080530251427041,
    ],
    tail: [0.1825498432392291, 0.5113398000321407, 1.0529449666182367],
    sum: -0.6283751565365843, loss: 1.5737197729376193,
    gradients: [
      "x": .init([3, 5], sum: 0.0, probe: 1.0815461792900958),
      "gamma": .init([5], sum: -10.08172601422128, probe: 1.91044620263452),
      "beta": .init([5], sum: -0.8865856679131986, probe: 1.2990183759146),
    ])
  /// The case `rmsnorm_eps1e-6`: `F.rms_norm(x, (5,), gamma, 1e-6)` of the same x and gamma.
  private static let rmsNorm = GoldenCase(
    shape: [3, 5],
    head: [
      -0.6609292209349898, -0.326144079451071, 0.592215566696051, -0.159876045360324,
      -0.7364821121868287, -0.17552748201734264, -1.3752852675353362, -0.9802433033662163,
    ],
    tail: [-0.20889260604213514, 0.13503539450500382, 0.9731850837634914],
    sum: -2.238447224243629, loss: 2.2771040271901746,
    gradients: [
      "x": .init([3, 5], sum: 0.6365150914646978, probe: 0.09915598289894023),
      "gamma": .init([5], sum: -10.709784181255095, probe: 2.67505578774635),
    ])

  @Test("Normalizations of rows")
  func normalizations() {
    let (x, gain, bias) = (fill(1, [3, 5], 2), fill(2, [5], 1), fill(3, [5]))
    Self.layerNorm.check(inputs: ["x": x, "gamma": gain, "beta": bias]) {
      $0.layerNorm(x, gain: gain, bias: bias)
    }
    Self.rmsNorm.check(inputs: ["x": x, "gamma": gain]) { $0.rmsNorm(x, gain: gain) }
  }

  /// The case `gelu_exact_tanh_sig`: with x = fill(1, (10,), 3)
  ///
  /// ```python
  /// y = torch.stack([F.gelu(x), F.gelu(x, approximate="tanh"), x * torch.sigmoid(1.702 * x)])
  /// ```
  private static let gelu = GoldenCase(
    shape: [3, 10],
    head: [
      2.719198430633, 0.548031922282, -0.060960075177, -0.004052445131, -0.055158412087,
      0.477987812397, 2.686667431149, 2.697314240635,
    ],
    tail: [2.679753296229, 0.506401113023, -0.074038335359],
    sum: 28.259681794389, loss: -6.47402559315,
    gradients: ["x": .init([10], sum: -3.191342466694, probe: 1.312007367412)])

  @Test("GELU with the error function, and its approximations put together")
  func gelu() {
    let x = fill(1, [10], 3)
    Self.gelu.check(inputs: ["x": x]) { pass in
      let cubic = pass.add(x, pass.scale(pass.multiply(pass.square(x), x), by: 0.044715))
      let curve = pass.tanh(pass.scale(cubic, by: Float(2 / Double.pi).squareRoot()))
      let rows = [
        pass.gelu(x), pass.multiply(pass.scale(x, by: 0.5), pass.add(curve, 1)),
        pass.multiply(x, pass.sigmoid(pass.scale(x, by: 1.702))),
      ]
      return pass.concatenate(rows.map { $0.reshaped(to: [1, 10]) }, axis: 0)
    }
  }
}
