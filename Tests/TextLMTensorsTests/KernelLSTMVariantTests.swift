import CTextLMKernels
import Foundation
import TextLMTensors
import TextLMTestSupport
import Testing

/// Layer normalization, and the LSTM with it and zoneout, against their plain twins.
@Suite("Kernels: normalization and zoneout")
struct KernelLSTMVariantTests {
  @Test(arguments: InstructionSet.allCases)
  func equalTheirTwins(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      for size in [(1, 1, 1), (1, 1, 64), (4, 1, 20), (3, 5, 7), (6, 17, 32), (2, 40, 50)] {
        for (isNormalized, isSampled, restarting) in [
          (true, false, false), (false, true, true), (true, true, true), (false, false, true),
        ] {
          VariantCase(
            size, isNormalized: isNormalized, isSampled: isSampled, restarting: restarting
          ).check()
        }
      }
      for (rows, groups, width) in [(1, 1, 1), (3, 4, 7), (50, 1, 65), (700, 4, 33)] {
        checkLayerNorm(rows: rows, groups: groups, width: width)
      }
    }
  }

  /// The case's c is z c₋₁ + (1 − z) c̃ with z = 0.3.
  @Test(
    "Zoneout's expectation in inference")
  func goldenZoneout() throws {
    struct Golden: Decodable { let c: [Double] }
    let golden = try GoldenVectors.read("zoneout_eval", as: Golden.self)
    // Gates that are open or closed leave c̃ = tanh(g), and g is made for c̃ = fill(2).
    let candidate = fill(2, [4], 1).array.map {
      Float(0.5 * log((1 + Double($0)) / (1 - Double($0))))
    }
    let opened = [Float](repeating: 40, count: 4)
    let gates = opened + opened.map { -$0 } + candidate + opened
    let trace = LSTMVariantTrace(
      projected: Tensor(gates, shape: [1, 1, 16]),
      recurrent: PackedMatrix(Tensor(zeros: [16, 4]), transposed: true, precision: .float32),
      variant: LSTMVariant(normalization: nil, zoneoutCell: 0.3, zoneoutHidden: 0, keys: nil),
      initialHidden: Tensor(zeros: [1, 4]), initialCell: fill(1, [1, 4], 1), restarts: nil)
    expectClose(
      trace.cells.array.map(Double.init), golden.c, tolerance: 1e-6, "cell states")
  }

  @Test("Masks keep a unit with its probability, cells and outputs by masks of their own")
  func masks() {
    let (batch, hidden) = (100, 200)
    let trace = LSTMVariantTrace(
      projected: Tensor(zeros: [1, batch, 4 * hidden]),
      recurrent: PackedMatrix(
        Tensor(zeros: [4 * hidden, hidden]), transposed: true, precision: .float32),
      variant: LSTMVariant(
        normalization: nil, zoneoutCell: 0.2, zoneoutHidden: 0.4, keys: (cell: 5, hidden: 6)),
      initialHidden: Tensor(repeating: 1, shape: [batch, hidden]),
      initialCell: Tensor(repeating: 1, shape: [batch, hidden]), restarts: nil)
    // What is not kept is halved by the forget gate, and h is below ½.
    let cells = trace.cells.array.map { $0 == 1 }
    let outputs = trace.hidden.array.map { $0 == 1 }
    let count = Double(cells.count)
    // 20,000 draws: five standard deviations are below 0.018.
    expectClose(Double(cells.count { $0 }) / count, 0.2, tolerance: 0.018, "cells")
    expectClose(Double(outputs.count { $0 }) / count, 0.4, tolerance: 0.018, "outputs")
    let both = zip(cells, outputs).count { $0 && $1 }
    expectClose(Double(both) / count, 0.08, tolerance: 0.018, "both")
  }
}

private func checkLayerNorm(rows: Int, groups: Int, width: Int) {
  let shape: Shape = [rows, groups * width]
  let (x, dy) = (fill(1, shape, 3).array, fill(2, shape, 1).array)
  let (gain, bias) = (fill(3, [groups * width], 1).array, fill(4, [groups * width], 1).array)
  var (normal, y, dx) = (x, x, x)
  var (plainNormal, plainY, plainDX) = (x, x, x)
  var scales = [Float](repeating: 0, count: rows * groups)
  var plainScales = scales
  tlm_layer_norm(rows, groups, width, 1e-5, x, gain, bias, &normal, &scales, &y)
  tlm_layer_norm_plain(
    rows, groups, width, 1e-5, x, gain, bias, &plainNormal, &plainScales, &plainY)
  tlm_layer_norm_backward(rows, groups, width, dy, gain, normal, scales, &dx)
  tlm_layer_norm_backward_plain(rows, groups, width, dy, gain, plainNormal, plainScales, &plainDX)
  var (dgain, dbias, plainDGain, plainDBias) = (gain, gain, gain, gain)
  tlm_layer_norm_parameters_backward(rows, groups * width, dy, normal, &dgain, &dbias)
  tlm_layer_norm_parameters_backward_plain(
    rows, groups * width, dy, plainNormal, &plainDGain, &plainDBias)
  for (name, actual, expected) in [
    ("normal", normal, plainNormal), ("scales", scales, plainScales), ("output", y, plainY),
    ("gradient", dx, plainDX), ("gain's gradient", dgain, plainDGain),
    ("bias's gradient", dbias, plainDBias),
  ] {
    expectClose(
      actual.map(Double.init), expected.map(Double.init), tolerance: 2e-5,
      "\(name) of [\(rows), \(groups) x \(width)]")
  }
}

/// One layer's recurrence on patternless numbers.
private struct VariantCase {
  let time, batch, hidden: Int
  let isNormalized, isSampled: Bool
  let restarts: [Bool]?

  init(_ size: (Int, Int, Int), isNormalized: Bool, isSampled: Bool, restarting: Bool) {
    (time, batch, hidden) = size
    self.isNormalized = isNormalized
    self.isSampled = isSampled
    restarts = restarting ? (0..<size.0 * size.1).map { ($0 * 5 + 1) % 3 == 1 } : nil
  }

  /// All that a run and its backward run leave.
  private struct Result {
    var gates, normal, c, h, preactivations, products, gains, dh0, dc0: [Float]
  }

  func check() {
    let (actual, expected) = (run(plain: false), run(plain: true))
    for (name, path) in [
      ("gates", \.gates), ("normal", \.normal), ("cells", \.c), ("output", \.h),
      ("gradient of the pre-activations", \.preactivations),
      ("gradient of the products", \.products), ("gradient of the gains", \.gains),
      ("gradient of h0", \.dh0), ("gradient of c0", \.dc0),
    ] as [(String, KeyPath<Result, [Float]>)] {
      expectClose(
        actual[keyPath: path].map(Double.init), expected[keyPath: path].map(Double.init),
        tolerance: 1e-4,
        "\(name), T \(time), B \(batch), H \(hidden), \(isNormalized), \(isSampled)")
    }
  }

  private func run(plain: Bool) -> Result {
    let weight = fill(1, [4 * hidden, hidden]).array
    let transposed = tlm_packed_create(TLM_FLOAT32, true, hidden, 4 * hidden, weight, hidden)
    let straight = tlm_packed_create(TLM_FLOAT32, false, 4 * hidden, hidden, weight, hidden)
    defer {
      tlm_packed_destroy(transposed)
      tlm_packed_destroy(straight)
    }
    let (h0, c0) = (fill(2, [batch, hidden]).array, fill(3, [batch, hidden]).array)
    let (dh, dhLast) = (fill(4, [time, batch, hidden]).array, fill(5, [batch, hidden]).array)
    let dcLast = fill(6, [batch, hidden]).array
    let gains = (1...3).map { fill(10 + $0, [4 * hidden], 1).array }
    func zeros(_ width: Int) -> [Float] { Array(repeating: 0, count: time * batch * width) }
    var (gates, normal, scales) = (
      fill(7, [time, batch, 4 * hidden], 1).array, zeros(4 * hidden), zeros(4)
    )
    var (c, h) = (zeros(hidden), zeros(hidden))
    var (dh0, dc0) = (h0, c0)
    var gainGradients = [Float](repeating: 1, count: batch * 6 * hidden)
    return gains[0].withUnsafeBufferPointer { recurrentGain in
      gains[1].withUnsafeBufferPointer { cellGain in
        gains[2].withUnsafeBufferPointer { cellBias in
          var variant = tlm_lstm_variant(
            recurrent_gain: isNormalized ? recurrentGain.baseAddress : nil,
            cell_gain: isNormalized ? cellGain.baseAddress : nil,
            cell_bias: isNormalized ? cellBias.baseAddress : nil, epsilon: 1e-3,
            zoneout_cell: 0.3, zoneout_hidden: 0.2, is_sampled: isSampled, cell_key: 77,
            hidden_key: 78)
          if plain {
            tlm_lstm_variant_forward_plain(
              time, batch, hidden, weight, &variant, h0, c0, restarts, &gates, &normal, &scales,
              &c, &h)
          } else {
            tlm_lstm_variant_forward(
              time, batch, hidden, transposed, &variant, h0, c0, restarts, &gates, &normal,
              &scales, &c, &h)
          }
          var result = Result(
            gates: gates, normal: normal, c: c, h: h, preactivations: [], products: [], gains: [],
            dh0: [], dc0: [])
          if plain {
            tlm_lstm_variant_backward_plain(
              time, batch, hidden, weight, &variant, c, c0, restarts, dh, dhLast, dcLast, &gates,
              &normal, scales, &gainGradients, &dh0, &dc0)
          } else {
            tlm_lstm_variant_backward(
              time, batch, hidden, straight, &variant, c, c0, restarts, dh, dhLast, dcLast, &gates,
              &normal, scales, &gainGradients, &dh0, &dc0)
          }
          (result.preactivations, result.products, result.gains) = (gates, normal, gainGradients)
          (result.dh0, result.dc0) = (dh0, dc0)
          return result
        }
      }
    }
  }
}
