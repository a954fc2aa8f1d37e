import CTextLMKernels
import TextLMTensors
import TextLMTestSupport
import Testing

/// Activations, softmax, root-mean-square normalization, products of many matrices and reordered
/// axes against their plain twins, at sizes that fill no vector, several, and more than one thread's
/// share.
@Suite("Kernels: activations and rows")
struct KernelActivationTests {
  private static let shapes = [(1, 1), (1, 65), (3, 16), (50, 97), (700, 65)]

  @Test(arguments: InstructionSet.allCases)
  func loopsEqualTheirTwins(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      for count in [1, 7, 16, 100, 20_001] { ActivationCase(count: count).check() }
      for (rows, width) in Self.shapes {
        SoftmaxCase(rows: rows, width: width).check()
        RMSNormCase(rows: rows, width: width).check()
      }
    }
  }

  @Test("Far from 0 an activation is x or 0, and what is no number stays none")
  func extremes() {
    let x = Tensor([-.infinity, -50, 50, .nan], shape: [4])
    for function in Activation.allCases {
      let y = x.activated(by: function).array
      // The logistic function ends 2e-7 short of 0 and 1.
      #expect(abs(y[1]) < 2e-5 && abs(y[2] - 50) < 2e-5 && y[3].isNaN, "\(function)")
    }
  }

  @Test("Softmax leaves out what is masked, exactly, and gives zeros where nothing is left")
  func masks() {
    let x = Tensor([1, 2, 900, .infinity, 5, 5], shape: [2, 3])
    let mask = Tensor([0, 0, -.infinity, -.infinity, 0, 0], shape: [2, 3])
    let y = Tensor([1, 2, 900, 3, 5, 5], shape: [2, 3]).softmax(adding: mask).array
    expectClose(
      y.map(Double.init), [0.2689414214, 0.7310585786, 0, 0, 0.5, 0.5], tolerance: 1e-6, "masked")
    #expect(y[2] == 0 && y[3] == 0)
    let nothing = Tensor(repeating: -.infinity, shape: [3])
    #expect(x.softmax(adding: nothing).array[..<3] == [0, 0, 0])
  }

  @Test("Probabilities in Double are the same bits everywhere", arguments: InstructionSet.allCases)
  func wideProbabilities(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      WideSoftmaxCase.check()
    }
  }

  @Test("A probability of nothing is 0, and beside no number none is one")
  func wideExtremes() {
    #expect(Engine.softmax([-.infinity, 2, -900, 2]) == [0, 0.5, 0, 0.5])
    let none = Engine.softmax([1, .nan])
    #expect(none[0].isNaN && none[1].isNaN)
  }

  @Test("Products of many matrices are those of each pair, whatever is transposed")
  func batchedProducts() {
    for (count, m, n, k) in [(1, 40, 30, 20), (7, 5, 4, 3), (24, 33, 70, 40)] {
      for flags in 0..<4 {
        let (left, right) = (flags & 1 != 0, flags & 2 != 0)
        let a = fill(1, left ? [count, k, m] : [count, m, k], 1)
        let b = fill(2, right ? [count, n, k] : [count, k, n], 1)
        let all = Tensor.batchedProduct(
          a, b, transposeLeft: left, transposeRight: right, precision: .float32)
        #expect(all.shape == [count, m, n])
        for index in 0..<count {
          func part(_ x: Tensor) -> Tensor {
            x[rows: index..<index + 1].reshaped(to: [x.shape[1], x.shape[2]])
          }
          let one = Tensor.product(
            part(a), part(b), transposeLeft: left, transposeRight: right, precision: .float32)
          expectIdentical(part(all), one, "pair \(index) of \(count), flags \(flags)")
        }
      }
    }
  }

  @Test("Maps of groups and their gradients equal their twins", arguments: InstructionSet.allCases)
  func blockLinear(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      for (rows, groups, size) in [(1, 1, 2), (3, 5, 2), (150, 9, 4), (70, 13, 2), (900, 48, 4)] {
        BlockLinearCase.check(rows: rows, groupCount: groups, size: size)
      }
    }
  }

  @Test("Axes are reordered as indices say")
  func permuting() {
    let sizes = [3, 4, 5, 6]
    let x = Tensor((0..<360).map(Float.init), shape: Shape(sizes))
    for axes in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 0, 2, 3], [0, 2, 1, 3]] {
      let y = x.permuted(axes)
      #expect(y.shape.dimensions == axes.map { sizes[$0] })
      let elements = y.array
      var place = 0
      var index = [0, 0, 0, 0]
      for i in 0..<y.shape[0] {
        for j in 0..<y.shape[1] {
          for k in 0..<y.shape[2] {
            for l in 0..<y.shape[3] {
              for (axis, value) in zip(axes, [i, j, k, l]) { index[axis] = value }
              let expected = ((index[0] * 4 + index[1]) * 5 + index[2]) * 6 + index[3]
              #expect(elements[place] == Float(expected))
              place += 1
            }
          }
        }
      }
    }
    let large = fill(1, [300, 200], 1)
    expectIdentical(large.permuted([1, 0]).permuted([1, 0]), large, "twice transposed")
  }
}

private struct ActivationCase {
  let count: Int

  func check() {
    let (x, dy) = (fill(1, [count], 5).array, fill(2, [count], 1).array)
    for function in [TLM_RELU, TLM_SILU, TLM_GELU] {
      var (y, plain) = (x, x)
      tlm_activate(function, count, x, &y)
      tlm_activate_plain(function, count, x, &plain)
      expectClose(y.map(Double.init), plain.map(Double.init), tolerance: 1e-6, "\(function)")
      tlm_activate_backward(function, count, x, dy, &y)
      tlm_activate_backward_plain(function, count, x, dy, &plain)
      expectClose(y.map(Double.init), plain.map(Double.init), tolerance: 1e-6, "d \(function)")
    }
  }
}

private struct SoftmaxCase {
  let rows: Int
  let width: Int

  func check() {
    let x = fill(1, [rows, width], 3).array
    let maskRows = rows.isMultiple(of: 2) ? 2 : 1
    var mask = fill(2, [maskRows, width], 1).array
    for place in stride(from: 0, to: mask.count, by: 5) where mask.count > 5 {
      mask[place] = -.infinity
    }
    var (y, plain) = (x, x)
    for mask in [nil, mask] {
      tlm_softmax(rows, width, x, mask, maskRows, &y)
      tlm_softmax_plain(rows, width, x, mask, maskRows, &plain)
      expectClose(y.map(Double.init), plain.map(Double.init), tolerance: 1e-6, "softmax")
    }
    for row in 0..<min(rows, 50) {
      let logits = Array(x[row * width..<(row + 1) * width])
      var (wide, plainWide) = (
        [Double](repeating: 0, count: width), [Double](repeating: 0, count: width)
      )
      tlm_softmax_double(width, logits, &wide)
      tlm_softmax_double_plain(width, logits, &plainWide)
      expectClose(wide, plainWide, tolerance: 2e-15, "softmax in Double")
    }
    let dy = fill(3, [rows, width], 1).array
    var (dx, plainDx) = (x, x)
    tlm_softmax_backward(rows, width, plain, dy, &dx)
    tlm_softmax_backward_plain(rows, width, plain, dy, &plainDx)
    expectClose(dx.map(Double.init), plainDx.map(Double.init), tolerance: 1e-6, "d softmax")
  }
}

private enum WideSoftmaxCase {
  static func check() {
    var hash = SHA256()
    for scale in [0.1, 1, 30, 800] {
      for width in [1, 2, 15, 16, 67, 300] {
        let found = Engine.softmax(fill(7, [width], scale).array)
        let total = found.reduce(0, +)
        #expect(abs(total - 1) < 1e-13)
        for value in found {
          let bytes = withUnsafeBytes(of: value.bitPattern) { Array($0) }
          hash.update(bytes)
        }
      }
    }
    let digest = hash.hexDigest
    // What plain C gave.
    #expect(digest == "8da045baf213b5d60ea9995247e5ce6d95e85b97c1856360474ba9e1aa7b2ae3")
  }
}

private struct RMSNormCase {
  let rows: Int
  let width: Int

  func check() {
    let (x, gain) = (fill(1, [rows, width], 2).array, fill(2, [width], 1).array)
    let zeros = [Float](repeating: 0, count: rows * width)
    var (normal, scales, y) = (zeros, [Float](repeating: 0, count: rows), zeros)
    var (plainNormal, plainScales, plain) = (normal, scales, zeros)
    tlm_rms_norm(rows, width, 1e-5, x, gain, &normal, &scales, &y)
    tlm_rms_norm_plain(rows, width, 1e-5, x, gain, &plainNormal, &plainScales, &plain)
    for (actual, expected) in [(normal, plainNormal), (scales, plainScales), (y, plain)] {
      expectClose(
        actual.map(Double.init), expected.map(Double.init), tolerance: 3e-6, "rms norm")
    }
    let dy = fill(3, [rows, width], 1).array
    tlm_rms_norm_backward(rows, width, dy, gain, plainNormal, plainScales, &y)
    tlm_rms_norm_backward_plain(rows, width, dy, gain, plainNormal, plainScales, &plain)
    expectClose(y.map(Double.init), plain.map(Double.init), tolerance: 5e-6, "d rms norm")
  }
}

private enum BlockLinearCase {
  static func check(rows: Int, groupCount: Int, size: Int) {
    let width = groupCount * size
    let (x, dy) = (fill(1, [rows, width], 1), fill(2, [rows, width], 1))
    let weight = fill(3, [groupCount, size, size], 1)
    var (y, dx, dweight) = (x.array, x.array, weight.array)
    tlm_block_linear_plain(
      rows, width, Int32(size), weight.permuted([2, 0, 1]).array, x.array, &y)
    tlm_block_linear_plain(
      rows, width, Int32(size), weight.permuted([1, 0, 2]).array, dy.array, &dx)
    tlm_block_linear_gradient_plain(rows, width, Int32(size), x.array, dy.array, &dweight)
    let gradients = x.blockLinearGradients(weight, output: dy)
    compare(x.blockLinear(weight), y, "result")
    compare(gradients.input, dx, "gradient of the input")
    compare(gradients.weight.permuted([1, 0, 2]), dweight, "gradient of the weight", 1e-4)
  }

  private static func compare(
    _ actual: Tensor, _ expected: [Float], _ what: String, _ tolerance: Double = 1e-5
  ) {
    expectClose(
      actual.array.map(Double.init), expected.map(Double.init), tolerance: tolerance, what)
  }
}
