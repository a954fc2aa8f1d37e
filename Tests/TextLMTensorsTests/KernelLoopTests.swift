import CTextLMKernels
import TextLMTensors
import TextLMTestSupport
import Testing

/// Fused loops against their plain twins, at lengths that fill no vector, several, and more than
/// one thread's share.
@Suite("Kernels: loops")
struct KernelLoopTests {
  @Test("Sums of rows of several tables", arguments: InstructionSet.allCases)
  func gatheringSums(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      let tables = [fill(1, [3, 21], 1), fill(2, [4, 21], 1), fill(3, [2, 21], 1)]
      let places: [[Int32]] = [[0, 2, 1, 2], [3, 3, 0, 1], [1, 0, 1, 1]]
      let expected = zip(tables, places).map { $0.gatheringRows($1, leading: [2, 2]) }
      let sums = Tensor.gatheringSum(places, from: tables, leading: [2, 2])
      expectIdentical(sums, expected[0].adding(expected[1]).adding(expected[2]), "sums")
    }
  }

  @Test(arguments: InstructionSet.allCases)
  func loopsEqualTheirTwins(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      for count in [1, 7, 16, 100, 40_001] {
        LoopCase(count: count).check()
      }
      for (rows, width) in [(1, 1), (1, 65), (3, 16), (50, 97), (700, 65)] {
        RowCase(rows: rows, width: width).check()
      }
    }
  }

  @Test("tanh and sigmoid are 0 and ½ at 0, and level off within a few units of the last place")
  func extremes() {
    let x = Tensor([-.infinity, -1000, -20, 0, 20, 1000, .infinity], shape: [7])
    let (tanh, sigmoid) = (x.hyperbolicTangent(), x.sigmoid())
    expectClose(
      tanh, Tensor([-1, -1, -1, 0, 1, 1, 1], shape: [7]), tolerance: 5e-7, "tanh")
    expectClose(
      sigmoid, Tensor([0, 0, 0, 0.5, 1, 1, 1], shape: [7]), tolerance: 5e-7, "sigmoid")
    #expect(tanh.array[3] == 0 && sigmoid.array[3] == 0.5)
    #expect(tanh.array.allSatisfy { abs($0) <= 1 })
    #expect(sigmoid.array.allSatisfy { 0 <= $0 && $0 <= 1 })
  }

  @Test("A number that is none stays none")
  func notNumbers() {
    let x = Tensor([.nan], shape: [1])
    #expect(x.hyperbolicTangent().item.isNaN && x.sigmoid().item.isNaN)
    let losses = Tensor([0, .nan, 0], shape: [1, 3]).crossEntropyLosses(targets: [0])
    #expect(losses.item.isNaN)
  }

  @Test("Logarithms at the ends, and small softplus to all its digits")
  func logarithms() {
    let x = Tensor([1, 0, -1, .infinity, 1e-30, .nan], shape: [6]).logarithm().array
    #expect(x[0] == 0 && x[1] == -.infinity && x[2].isNaN && x[3] == .infinity && x[5].isNaN)
    expectClose(Double(x[4]), -69.07755278982137, tolerance: 1e-6, "ln 1e-30")
    // ln(1 + e^-15) = 3.0590227e-07
    let small = Tensor([-15, 30], shape: [2]).softplus().array
    expectClose(Double(small[0]) * 1e7, 3.0590227, tolerance: 1e-5, "softplus of -15")
    #expect(small[1] == 30)
  }

  @Test("Operands of unequal shapes equal their twins", arguments: InstructionSet.allCases)
  func broadcasting(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      let sizes = [5, 37, 19]
      let strides = [[703, 19, 1], [0, 19, 1], [19, 0, 1], [37, 1, 0], [0, 0, 1], [0, 0, 0]]
      let (a, b) = (fill(1, [5 * 703], 1).array, fill(2, [5 * 703], 1).array)
      for left in strides {
        for right in strides {
          var (actual, expected) = (a, a)
          for combination in [TLM_ADD, TLM_SUBTRACT, TLM_MULTIPLY] {
            tlm_broadcast(combination, 3, sizes, left, right, a, b, &actual)
            tlm_broadcast_plain(combination, 3, sizes, left, right, a, b, &expected)
            #expect(actual == expected, "\(left) \(right)")
          }
        }
        var (sums, expectedSums) = (a, a)
        tlm_sum_axes(3, sizes, left, a, a.count, &sums)
        tlm_sum_axes_plain(3, sizes, left, a, a.count, &expectedSums)
        // Up to 3,515 numbers of order 1.
        expectClose(
          sums.map(Double.init), expectedSums.map(Double.init), tolerance: 1e-4,
          "sums \(left)")
      }
    }
  }

  @Test("Rounding of a product's operands to bfloat16 goes to the nearest, to even between two")
  func bfloat16() {
    let ulp: Float = 0x1p-7  // of numbers from 1 to 2
    let x: [Float] = [
      1, 1 + ulp / 4, 1 + ulp / 2, 1 + 3 * ulp / 2, 1 + 3 * ulp / 4, -0.0, .infinity,
    ]
    var y = [Float](repeating: 0, count: x.count)
    tlm_matmul(TLM_BFLOAT16, false, false, x.count, 1, 1, x, 1, [1], 1, &y, 1, false)
    #expect(y == [1, 1, 1, 1 + 2 * ulp, 1 + ulp, 0, .infinity])
    var rounded: Float = 0
    tlm_matmul(TLM_BFLOAT16, false, false, 1, 1, 1, [.nan], 1, [1], 1, &rounded, 1, false)
    #expect(rounded.isNaN)
  }

  @Test("Rows are added in order, so equal tokens give equal sums on any number of threads")
  func scatterOrder() {
    let rows = fill(1, [999, 33], 1)
    let indices = (0..<999).map { Int32($0 * 7 % 5) }
    var expected = [Float](repeating: 0, count: 5 * 33)
    for (row, index) in indices.enumerated() {
      let values = rows[rows: row..<row + 1].array
      for column in 0..<33 { expected[Int(index) * 33 + column] += values[column] }
    }
    let isEqual = rows.scatteringRows(indices, rowCount: 5).array == expected
    #expect(isEqual)
  }
}

/// Element-wise loops.
private struct LoopCase {
  let count: Int

  func check() {
    let x = fill(1, [count], 4).array
    compare("tanh", 1e-6, tlm_tanh, tlm_tanh_plain, x)
    compare("sigmoid", 1e-6, tlm_sigmoid, tlm_sigmoid_plain, x)

    compare("exp", 1e-6, tlm_exp, tlm_exp_plain, x)
    compare("softplus", 1e-6, tlm_softplus, tlm_softplus_plain, x)
    let positive = x.map { abs($0) + 1e-4 }
    compare("log", 1e-6, tlm_log, tlm_log_plain, positive)
    compare("sqrt", 0, tlm_sqrt, tlm_sqrt_plain, positive)
    compare("reciprocal", 1e-6, tlm_reciprocal, tlm_reciprocal_plain, positive)

    var (dropped, plainDropped) = (x, x)
    tlm_dropout(count, 0.3, 77, x, &dropped)
    tlm_dropout_plain(count, 0.3, 77, x, &plainDropped)
    expectClose(dropped, plainDropped, 1e-6, "dropout")

    var (between, plainBetween) = (x, x)
    let other = fill(2, [count], 1).array
    tlm_interpolate(count, 0.3, x, other, &between)
    tlm_interpolate_plain(count, 0.3, x, other, &plainBetween)
    expectClose(between, plainBetween, 1e-6, "interpolation")

    let sum = x.reduce(0.0) { $0 + Double($1) * Double($1) }
    TextLMTestSupport.expectClose(
      tlm_sum_of_squares(count, x), sum, tolerance: 1e-12, "sum of squares")
  }

  private func compare(
    _ name: String, _ tolerance: Double,
    _ kernel: (Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?) -> Void,
    _ plain: (Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?) -> Void, _ x: [Float]
  ) {
    var (actual, expected) = (x, x)
    kernel(count, x, &actual)
    plain(count, x, &expected)
    expectClose(actual, expected, tolerance, name)
  }

  private func expectClose(
    _ actual: [Float], _ expected: [Float], _ tolerance: Double, _ name: String
  ) {
    TextLMTestSupport.expectClose(
      actual.map(Double.init), expected.map(Double.init), tolerance: tolerance,
      "\(name) of \(count)")
  }
}

/// Loops over rows.
private struct RowCase {
  let rows, width: Int

  func check() {
    let logits = fill(1, [rows, width], 6)
    let targets = (0..<rows).map { Int32($0 % 4 == 3 ? -1 : $0 * 5 % width) }
    var losses = [Float](repeating: 0, count: rows)
    var gradient = [Float](repeating: 0, count: rows * width)
    tlm_softmax_cross_entropy_plain(
      rows, width, logits.array, targets, 0.25, &losses, &gradient)
    let (actualLosses, actualGradient) = logits.crossEntropyWithGradient(
      targets: targets, gradientScale: 0.25)
    expectClose(
      actualLosses, Tensor(losses, shape: [rows]), tolerance: 2e-6, "losses [\(rows), \(width)]")
    expectClose(
      actualGradient, Tensor(gradient, shape: [rows, width]), tolerance: 1e-6,
      "logits' gradient [\(rows), \(width)]")
    expectClose(
      logits.crossEntropyLosses(targets: targets), actualLosses, tolerance: 0,
      "losses without gradient [\(rows), \(width)]")

    let values = logits.array.map(Double.init)
    let sums = (0..<width).map { column in
      stride(from: column, to: values.count, by: width).reduce(0) { $0 + values[$1] }
    }
    // Up to 700 numbers of order 6: 700 roundings of partial sums of order 100 are far below this.
    expectClose(
      logits.columnSums().array.map(Double.init), sums, tolerance: 2e-3,
      "column sums [\(rows), \(width)]")
  }
}
