import CTextLMKernels
import TextLMTensors
import TextLMTestSupport
import Testing

/// Windowed attention, and reading of windows, against their plain twins.
@Suite("Kernels: attention and windows")
struct KernelAttentionTests {
  @Test(arguments: InstructionSet.allCases)
  func kernelsEqualTheirTwins(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      for context in [1, 3, 40] {
        for time in [1, 5, 70] {
          for isBlocked in [false, true] {
            AttentionCase(time: time, context: context, isBlocked: isBlocked).check()
          }
        }
      }
      for count in [1, 7, 40] { WindowCase(count: count).check() }
    }
  }
}

private struct AttentionCase {
  let time, context: Int
  let isBlocked: Bool
  private let batch = 3
  private let heads = 2
  private let width = 7
  private var size: Int { heads * width }

  private func attend(
    _ kernel: (
      UnsafePointer<tlm_attention>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?,
      UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?
    ) -> Void
  ) -> [[Double]] {
    let positions: [Int64] = [0, 5, 2000]
    let angles = time * batch * width / 2
    var (cosines, sines) = (
      [Float](repeating: 0, count: angles), [Float](repeating: 0, count: angles)
    )
    tlm_rotary_angles(time, batch, width, positions, &cosines, &sines)
    let projected = fill(1, [time, batch, 3 * size], 1).array
    var keys = fill(2, [batch, context, size], 1).array
    var values = fill(3, [batch, context, size], 1).array
    var output = [Float](repeating: 0, count: time * batch * size)
    positions.withUnsafeBufferPointer { positions in
      cosines.withUnsafeBufferPointer { cosines in
        sines.withUnsafeBufferPointer { sines in
          var attention = tlm_attention(
            T: time, B: batch, heads: heads, width: width, context: context,
            positions: positions.baseAddress, is_blocked: isBlocked, cosines: cosines.baseAddress,
            sines: sines.baseAddress, dropout_rate: 0, dropout_key: 0)
          kernel(&attention, projected, &keys, &values, &output)
        }
      }
    }
    return [output, keys, values].map { $0.map(Double.init) }
  }

  func check() {
    let (actual, plain) = (attend(tlm_attention_forward), attend(tlm_attention_forward_plain))
    for (name, (one, other)) in zip(["output", "keys", "values"], zip(actual, plain)) {
      expectClose(
        one, other, tolerance: 2e-6,
        "\(name) of \(time) steps, context \(context), blocked \(isBlocked)")
    }
  }
}

private struct WindowCase {
  let count: Int

  func check() {
    let (time, batch, width) = (6, 3, 21)
    var window = tlm_window(
      T: time, B: batch, count: count, width: width, rows: time + count - 1)
    let queries = fill(1, [time, batch, width], 1).array
    let keys = fill(2, [time + count - 1, batch, width], 1).array
    let factors = fill(3, [width], 1).array
    var scores = [Float](repeating: 0, count: time * batch * count)
    var plain = scores
    for factors in [nil, factors] {
      tlm_window_scores(&window, queries, keys, factors, &scores)
      tlm_window_scores_plain(&window, queries, keys, factors, &plain)
      expectClose(
        scores.map(Double.init), plain.map(Double.init), tolerance: 4e-6, "scores of \(count)")
    }
    var sums = [Float](repeating: 0, count: queries.count)
    var plainSums = sums
    let weights = fill(4, [time, batch, count], 1).array
    tlm_window_sums(&window, weights, keys, &sums)
    tlm_window_sums_plain(&window, weights, keys, &plainSums)
    expectClose(
      sums.map(Double.init), plainSums.map(Double.init), tolerance: 4e-6, "sums of \(count)")
  }
}
