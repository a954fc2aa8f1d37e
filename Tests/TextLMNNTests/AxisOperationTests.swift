import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Operations of attention and convolution: values and gradients")
struct AxisOperationTests {
  private let x = fill(1, [2, 3, 4], 1)

  @Test func activations() {
    // Away from 0, where relu has no slope.
    let apart = Tensor(x.array.map { $0 + ($0 < 0 ? -0.2 : 0.2) }, shape: x.shape)
    checkGradients("relu", inputs: [apart]) { $0.relu($1[0]) }
    checkGradients("silu", inputs: [x]) { $0.silu($1[0]) }
    checkGradients("gelu", inputs: [x]) { $0.gelu($1[0]) }
    let mask = Tensor([0, -.infinity, 0.5, 0], shape: [4])
    checkGradients("softmax", inputs: [x]) { $0.softmax($1[0]) }
    checkGradients("masked softmax", inputs: [x]) { $0.softmax($1[0], adding: mask) }
    checkGradients("rms norm", inputs: [x, fill(2, [4], 1)]) { $0.rmsNorm($1[0], gain: $1[1]) }
  }

  /// torch 2.13, `x = torch.tensor([-2., -0.5, 0, 0.5, 2])`: `F.gelu(x)`, `F.silu(x)`,
  /// `F.softmax(x, 0)`, and `F.rms_norm(x, (5,), torch.arange(1., 6), 1e-6)`.
  @Test func valuesOfPyTorch() {
    let x = Tensor([-2, -0.5, 0, 0.5, 2], shape: [5])
    let pass = ForwardPass.inference()
    func compare(_ actual: Tensor, _ expected: [Double], _ what: String) {
      expectClose(actual.array.map(Double.init), expected, tolerance: 2e-6, what)
    }
    compare(pass.gelu(x), [-0.0455002639, -0.1542687694, 0, 0.3457312306, 1.9544997361], "gelu")
    compare(pass.silu(x), [-0.2384058440, -0.1887703344, 0, 0.3112296656, 1.7615941560], "silu")
    compare(pass.relu(x), [0, 0, 0, 0.5, 2], "relu")
    compare(
      pass.softmax(x), [0.0125547088, 0.0562663014, 0.0927674480, 0.1529476647, 0.6854638771],
      "softmax")
    compare(
      pass.rmsNorm(x, gain: Tensor([1, 2, 3, 4, 5], shape: [5])),
      [-1.5339295265, -0.7669647633, 0, 1.5339295265, 7.6696476327], "rms norm")
  }

  @Test("Matrices in pairs, whichever of them is transposed")
  func batchedMatmul() {
    for flags in 0..<4 {
      let (left, right) = (flags & 1 != 0, flags & 2 != 0)
      let a = fill(1, left ? [2, 4, 3] : [2, 3, 4], 1)
      let b = fill(2, right ? [2, 5, 4] : [2, 4, 5], 1)
      checkGradients("batched matmul, flags \(flags)", inputs: [a, b]) {
        $0.batchedMatmul($1[0], $1[1], transposeLeft: left, transposeRight: right)
      }
    }
  }

  @Test func axes() {
    checkGradients("permute", inputs: [x]) { $0.permute($1[0], [2, 0, 1]) }
    for axis in 0..<3 {
      checkGradients("slice of axis \(axis)", inputs: [x]) { $0.slice($1[0], 1..<2, axis: axis) }
      checkGradients("concatenation along axis \(axis)", inputs: [x, fill(2, [2, 3, 4])]) {
        $0.concatenate([$1[0], $1[1], $1[0]], axis: axis)
      }
    }
    checkGradients("split", inputs: [x]) { pass, inputs in
      let parts = pass.split(inputs[0], [1, 2, 1], axis: 2)  // the middle one is not used
      return pass.multiply(parts[0], parts[2])
    }
    let parts = ForwardPass.inference().split(x, [1, 3], axis: 2)
    expectIdentical(ForwardPass.inference().concatenate(parts, axis: 2), x, "split and joined")
  }

  @Test("A convolution is the sum over its taps of what lies so many steps back")
  func convolution() {
    let (taps, dilation) = (3, 2)
    let input = fill(1, [4 + 5, 2, 3], 1)  // [(k − 1) dilation + T, B, C]
    let weights = (0..<taps).map { fill($0 + 2, [4, 3]) }
    let bias = fill(9, [4])
    checkGradients("convolution", inputs: [input, bias] + weights) { pass, inputs in
      pass.convolution(
        inputs[0], taps: Array(inputs[2...]), bias: inputs[1], dilation: dilation)
    }
    let output = ForwardPass.inference().convolution(
      input, taps: weights, bias: bias, dilation: dilation)
    var expected: [Double] = []
    let (x, b) = (input.array, bias.array)
    for step in 0..<5 {
      for row in 0..<2 {
        for out in 0..<4 {
          var sum = Double(b[out])
          for (tap, weight) in weights.enumerated() {
            let w = weight.array
            for channel in 0..<3 {
              let place = ((step + tap * dilation) * 2 + row) * 3 + channel
              sum += Double(w[out * 3 + channel]) * Double(x[place])
            }
          }
          expected.append(sum)
        }
      }
    }
    #expect(output.shape == [5, 2, 4])
    expectClose(output.array.map(Double.init), expected, tolerance: 2e-6, "convolution")
  }
}
