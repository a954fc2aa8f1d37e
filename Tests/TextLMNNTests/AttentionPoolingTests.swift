import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Attention pooling and losses of bits and numbers")
struct AttentionPoolingTests {
  /// The layer with the parameters of the golden case, for sequences of width 4.
  private func layer() throws -> (layer: AttentionPooling, parameters: [Parameter]) {
    let scope = ParameterScope(RandomParameters(seed: 1))
    let layer = try AttentionPooling(inputSize: 4, attentionSize: 3, in: scope)
    for (index, parameter) in scope.parameters.enumerated() {
      parameter.value = fill(index + 2, parameter.shape)
    }
    return (layer, scope.parameters)
  }

  /// The case `han_attention_pool`, PyTorch 2.13 in float64, with fill as in `Fill.swift`:
  ///
  ///     h, W, b, u = fill(1, (2, 5, 4), 1), fill(2, (3, 4)), fill(3, (3,)), fill(4, (3,))
  ///     a = torch.softmax(torch.tanh(h @ W.T + b) @ u, 1)
  ///     y = (a[..., None] * h).sum(1); L = (y * fill(99, (2, 4), 1)).sum()
  ///
  /// and of each gradient g the numbers g.sum() and (g * fill(98, g.shape, 1)).sum().
  @Test("PyTorch's outputs and gradients")
  func golden() throws {
    let (layer, parameters) = try layer()
    // [B, T, D] of the snippet as [T, B, D].
    let source = fill(1, [2, 5, 4], 1).array
    let places = (0..<40).map { place in
      (step: place / 8, row: place / 4 % 2, column: place % 4)
    }
    let input = Tensor(
      places.map { source[($0.row * 5 + $0.step) * 4 + $0.column] }, shape: [5, 2, 4])
    var sums = Tensor(0)
    let (loss, gradients) = valueWithGradients(random: RandomSource(seed: 1)) { pass in
      pass.watch(input)
      sums = layer(input, lengths: [5, 5], pass).sums
      return pass.sum(pass.multiply(sums, fill(99, [2, 4], 1)))
    }
    expectClose(
      sums.array.map(Double.init),
      [
        0.021934447763722102, -0.06495888208038028, -0.10269262502148885, -0.06271063668209712,
        0.08305142062548102, 0.007070221933752799, -0.07426157976166525, -0.09939369841251045,
      ], tolerance: 2e-6, "sums")
    expectClose(Double(loss), 0.056254376886957044, tolerance: 1e-5, "loss")
    let expected = [
      (-0.032390859544249015, 0.03558151697268379), (0.008046188110781907, -0.019235668819279406),
      (-0.04061169237958859, -0.007487868088634941),
    ]
    for (parameter, (sum, weighted)) in zip(parameters, expected) {
      let gradient = try #require(gradients[parameter])
      let total = gradient.array.reduce(0) { $0 + Double($1) }
      expectClose(total, sum, tolerance: 1e-5, "\(parameter.path): sum")
      expectClose(probe(gradient, seed: 98), weighted, tolerance: 1e-5, "\(parameter.path): probe")
    }
    let gradient = try #require(gradients[input])
    let total = gradient.array.reduce(0) { $0 + Double($1) }
    expectClose(total, -0.8562229795680045, tolerance: 1e-5, "input: sum")
    let weights = fill(98, [2, 5, 4], 1).array
    let probed = zip(gradient.array, places).reduce(0.0) {
      $0 + Double($1.0) * Double(weights[($1.1.row * 5 + $1.1.step) * 4 + $1.1.column])
    }
    expectClose(probed, 0.24463601723075187, tolerance: 1e-5, "input: probe")
  }

  @Test("Gradients match differences, padding is inert, and nothing at all is zero")
  func padding() throws {
    let (layer, parameters) = try layer()
    let input = fill(1, [5, 3, 4], 1)
    checkGradients("pooling", parameters: parameters, inputs: [input]) { pass, inputs in
      layer(inputs[0], lengths: [5, 2, 0], pass).sums
    }
    var values = input.array
    for step in 2..<5 { for column in 0..<4 { values[(step * 3 + 1) * 4 + column] = 9 } }
    let disturbed = Tensor(values, shape: input.shape)
    let pass = ForwardPass.inference()
    let (sums, weights) = layer(input, lengths: [5, 2, 0], pass)
    #expect(layer(disturbed, lengths: [5, 2, 0], pass).sums.array == sums.array)
    #expect(sums[rows: 2..<3].array == [0, 0, 0, 0])
    for (row, total) in [(0, 1.0), (1, 1.0), (2, 0.0)] {
      let column = (0..<5).reduce(0.0) { $0 + Double(weights.array[$1 * 3 + row]) }
      expectClose(column, total, tolerance: 1e-6, "weights of row \(row)")
    }
  }

  @Test("A document's vector depends on its own sentences only, and not on empty ones")
  func hierarchy() throws {
    let scope = ParameterScope(RandomParameters(seed: 4))
    func both(_ inputSize: Int, _ place: ParameterScope) throws -> Bidirectional<LSTM> {
      try Bidirectional(
        forward: LSTM(inputSize: inputSize, hiddenSize: 2, in: place["ahead"]),
        backward: LSTM(inputSize: inputSize, hiddenSize: 2, in: place["back"]))
    }
    let network = try HierarchicalAttention(
      lower: both(3, scope["lower"]), upper: both(4, scope["upper"]), attentionSize: 3, in: scope)
    for (index, parameter) in scope.parameters.enumerated() {
      parameter.value = fill(index + 2, parameter.shape)
    }
    // Sentences of 4, 2, 0, 3 and 1 words; documents of 3 and 2 sentences.
    let (lengths, counts) = ([4, 2, 0, 3, 1], [3, 2])
    let input = fill(1, [4, 5, 3], 1)
    checkGradients("document", parameters: scope.parameters, inputs: [input]) { pass, inputs in
      network(inputs[0], lengths: lengths, sentenceCounts: counts, pass).documents
    }
    let pass = ForwardPass.inference()
    let together = network(input, lengths: lengths, sentenceCounts: counts, pass)
    #expect(together.documents.shape == [2, 4] && together.sentenceWeights.shape == [2, 2])
    func sentences(_ range: [Int]) -> Tensor {
      let values = input.array
      var chosen: [Float] = []
      for step in 0..<4 {
        for sentence in range {
          let start = (step * 5 + sentence) * 3
          chosen += values[start..<start + 3]
        }
      }
      return Tensor(chosen, shape: [4, range.count, 3])
    }
    let first = network(sentences([0, 1]), lengths: [4, 2], sentenceCounts: [2], pass)
    let second = network(sentences([3, 4]), lengths: [3, 1], sentenceCounts: [2], pass)
    let expected = first.documents.array + second.documents.array
    expectClose(
      together.documents.array.map(Double.init), expected.map(Double.init), tolerance: 1e-6,
      "documents on their own")
  }

  /// PyTorch 2.13 in float64:
  ///
  ///     x, y = fill(1, (3, 2, 4), 2), (fill(2, (3, 2, 4), 1) > 0).double()
  ///     m = torch.tensor([[1, 0], [1, 1], [0, 1]]) == 1
  ///     F.binary_cross_entropy_with_logits(x[m], y[m]), F.mse_loss(x[m], y[m])
  @Test("Losses of bits and of numbers")
  func losses() {
    let input = fill(1, [3, 2, 4], 2)
    let targets = Tensor(fill(2, [3, 2, 4], 1).array.map { $0 > 0 ? 1 : 0 }, shape: [3, 2, 4])
    let isCounted = [true, false, true, true, false, true]
    let pass = ForwardPass.inference()
    func bits(_ pass: ForwardPass, _ input: Tensor, _ isCounted: [Bool]) -> Tensor {
      pass.binaryCrossEntropy(input, targets: targets, isCounted: isCounted)
    }
    func numbers(_ pass: ForwardPass, _ input: Tensor, _ isCounted: [Bool]) -> Tensor {
      pass.meanSquaredError(input, targets: targets, isCounted: isCounted)
    }
    expectClose(
      Double(bits(pass, input, isCounted).item), 1.0532131504247075, tolerance: 2e-6, "bits")
    expectClose(
      Double(numbers(pass, input, isCounted).item), 2.4865954428816717, tolerance: 2e-6, "numbers")
    let none = [Bool](repeating: false, count: 6)
    #expect(bits(pass, input, none).item == 0 && numbers(pass, input, none).item == 0)
    checkGradients("bits", inputs: [input]) { bits($0, $1[0], isCounted) }
    checkGradients("numbers", inputs: [input]) { numbers($0, $1[0], isCounted) }
    // Far out, where e^x would overflow.
    let far = Tensor([200, -200], shape: [1, 2])
    let loss = pass.binaryCrossEntropy(
      far, targets: Tensor([0, 0], shape: [1, 2]), isCounted: [true])
    #expect(loss.item == 100)
  }
}
