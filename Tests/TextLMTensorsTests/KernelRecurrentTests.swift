import CTextLMKernels
import TextLMTensors
import TextLMTestSupport
import Testing

/// Gated recurrent units and Elman's network against their plain twins.
@Suite("Kernels: recurrent layers")
struct KernelRecurrentTests {
  private static let sizes = [
    (1, 1, 1), (1, 1, 64), (4, 1, 20), (3, 5, 7), (6, 17, 32), (2, 40, 50),
  ]

  @Test(arguments: InstructionSet.allCases)
  func gruEqualsItsTwin(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      for size in Self.sizes {
        for restarting in [false, true] {
          let example = RecurrentCase(size, gates: 3, restarting: restarting)
          example.checkGRU(gathering: false)
          example.checkGRU(gathering: true)
          example.checkGRUBefore(gathering: false)
          example.checkGRUBefore(gathering: true)
        }
      }
    }
  }

  @Test(arguments: InstructionSet.allCases)
  func multiplicativeLSTMEqualsItsTwin(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      for size in Self.sizes {
        for restarting in [false, true] {
          let example = RecurrentCase(size, gates: 4, restarting: restarting)
          example.checkMultiplicative(gathering: false)
          example.checkMultiplicative(gathering: true)
        }
      }
    }
  }

  @Test(arguments: InstructionSet.allCases)
  func slstmEqualsItsTwin(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      for size in Self.sizes {
        for restarting in [false, true] {
          RecurrentCase(size, gates: 4, restarting: restarting).checkSLSTM()
        }
      }
    }
  }

  @Test(arguments: InstructionSet.allCases)
  func elmanEqualsItsTwin(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      for size in Self.sizes {
        for restarting in [false, true] {
          for nonlinearity in [TLM_ELMAN_TANH, TLM_ELMAN_RELU] {
            let example = RecurrentCase(size, gates: 1, restarting: restarting)
            example.checkElman(nonlinearity, gathering: false)
            example.checkElman(nonlinearity, gathering: true)
          }
        }
      }
    }
  }
}

/// One layer's recurrence on patternless numbers.
private struct RecurrentCase {
  let time, batch, hidden, width: Int
  let vocabularySize = 5
  var weight: [Float] { fill(1, [width, hidden]).array }
  var h0: [Float] { fill(2, [batch, hidden]).array }
  var bias: [Float] { fill(3, [width]).array }
  var dh: [Float] { fill(4, [time, batch, hidden]).array }
  var dhLast: [Float] { fill(5, [batch, hidden]).array }
  private var projected: [Float] { fill(7, [time, batch, width], 1).array }
  private var table: [Float] { fill(8, [vocabularySize, width], 1).array }
  private var tokens: [Int32] { (0..<time * batch).map { Int32($0 * $0 % vocabularySize) } }

  /// Some rows at some steps, the first and the last among them.
  let restarts: [Bool]?

  init(_ size: (Int, Int, Int), gates: Int, restarting: Bool) {
    (time, batch, hidden) = size
    width = gates * size.2
    restarts = restarting ? (0..<size.0 * size.1).map { ($0 * 5 + 1) % 3 == 1 } : nil
  }

  func checkGRU(gathering: Bool) {
    let tokens = gathering ? tokens : nil
    let start = gathering ? zeros(width) : projected
    withPacked { transposed, straight in
      var (gates, recurrent, h) = (start, zeros(width), zeros(hidden))
      tlm_gru_forward(
        time, batch, hidden, transposed, bias, tokens, table, h0, restarts, &gates, &recurrent, &h)
      var (plainGates, plainRecurrent, plainH) = (start, zeros(width), zeros(hidden))
      tlm_gru_forward_plain(
        time, batch, hidden, weight, bias, tokens, table, h0, restarts, &plainGates,
        &plainRecurrent, &plainH)
      compare(h, plainH, "GRU output")
      compare(gates, plainGates, "GRU gates")
      compare(recurrent, plainRecurrent, "GRU recurrence")
      var (dh0, plainDh0) = (h0, h0)
      tlm_gru_backward(
        time, batch, hidden, straight, h, h0, restarts, dh, dhLast, &gates, &recurrent, &dh0)
      tlm_gru_backward_plain(
        time, batch, hidden, weight, plainH, h0, restarts, dh, dhLast, &plainGates,
        &plainRecurrent, &plainDh0)
      compare(gates, plainGates, "GRU gradient of the input's part")
      compare(recurrent, plainRecurrent, "GRU gradient of the recurrence's part")
      compare(dh0, plainDh0, "GRU gradient of h0")
    }
  }

  func checkGRUBefore(gathering: Bool) {
    let tokens = gathering ? tokens : nil
    let start = gathering ? zeros(width) : projected
    let (gateRows, newRows) = (
      Array(weight.prefix(2 * hidden * hidden)), Array(weight.suffix(hidden * hidden))
    )
    let packs = [(true, gateRows), (true, newRows), (false, gateRows), (false, newRows)].map {
      let rows = $1.count / hidden
      return tlm_packed_create(
        TLM_FLOAT32, $0, $0 ? hidden : rows, $0 ? rows : hidden, $1, hidden)
    }
    defer { packs.forEach(tlm_packed_destroy) }
    var (gates, reset, h) = (start, zeros(hidden), zeros(hidden))
    tlm_gru_before_forward(
      time, batch, hidden, packs[0], packs[1], tokens, table, h0, restarts, &gates, &reset, &h)
    var (plainGates, plainReset, plainH) = (start, zeros(hidden), zeros(hidden))
    tlm_gru_before_forward_plain(
      time, batch, hidden, weight, tokens, table, h0, restarts, &plainGates, &plainReset, &plainH)
    compare(h, plainH, "GRU before, output")
    compare(gates, plainGates, "GRU before, gates")
    compare(reset, plainReset, "GRU before, reset state")
    var (dh0, plainDh0) = (h0, h0)
    tlm_gru_before_backward(
      time, batch, hidden, packs[2], packs[3], h, h0, restarts, dh, dhLast, &gates, &dh0)
    tlm_gru_before_backward_plain(
      time, batch, hidden, weight, plainH, h0, restarts, dh, dhLast, &plainGates, &plainDh0)
    compare(gates, plainGates, "GRU before, gradient of the gates")
    compare(dh0, plainDh0, "GRU before, gradient of h0")
  }

  func checkElman(_ nonlinearity: tlm_nonlinearity, gathering: Bool) {
    let tokens = gathering ? tokens : nil
    let start = gathering ? zeros(width) : projected
    withPacked { transposed, straight in
      var (h, plainH) = (start, start)
      tlm_elman_forward(
        time, batch, hidden, nonlinearity, transposed, tokens, table, h0, restarts, &h)
      tlm_elman_forward_plain(
        time, batch, hidden, nonlinearity, weight, tokens, table, h0, restarts, &plainH)
      compare(h, plainH, "RNN output")
      var (da, dh0, plainDa, plainDh0) = (zeros(width), h0, zeros(width), h0)
      tlm_elman_backward(
        time, batch, hidden, nonlinearity, straight, h, restarts, dh, dhLast, &da, &dh0)
      tlm_elman_backward_plain(
        time, batch, hidden, nonlinearity, weight, h, restarts, dh, dhLast, &plainDa, &plainDh0)
      compare(da, plainDa, "RNN gradient of the pre-activations")
      compare(dh0, plainDh0, "RNN gradient of h0")
    }
  }

  func checkMultiplicative(gathering: Bool) {
    let tokens = gathering ? tokens : nil
    let start = gathering ? zeros(width) : projected
    let inner = fill(9, [hidden, hidden]).array
    let factor = fill(10, [time, batch, hidden], 1).array
    let (c0, dcLast) = (fill(11, [batch, hidden]).array, fill(12, [batch, hidden]).array)
    let innerTransposed = tlm_packed_create(TLM_FLOAT32, true, hidden, hidden, inner, hidden)
    let innerStraight = tlm_packed_create(TLM_FLOAT32, false, hidden, hidden, inner, hidden)
    defer {
      tlm_packed_destroy(innerTransposed)
      tlm_packed_destroy(innerStraight)
    }
    withPacked { transposed, straight in
      let empty = zeros(hidden)
      var (gates, products, mixed, c, h) = (start, empty, empty, empty, empty)
      tlm_multiplicative_forward(
        time, batch, hidden, innerTransposed, transposed, tokens, table, factor, h0, c0, restarts,
        &gates, &products, &mixed, &c, &h)
      var (plainGates, plainProducts, plainMixed, plainC, plainH) = (
        start, empty, empty, empty, empty
      )
      tlm_multiplicative_forward_plain(
        time, batch, hidden, inner, weight, tokens, table, factor, h0, c0, restarts, &plainGates,
        &plainProducts, &plainMixed, &plainC, &plainH)
      compare(h, plainH, "multiplicative output")
      compare(c, plainC, "multiplicative cells")
      compare(mixed, plainMixed, "multiplicative mixed state")
      var (dfactor, dh0, dc0) = (empty, h0, c0)
      tlm_multiplicative_backward(
        time, batch, hidden, innerStraight, straight, factor, c, c0, restarts, dh, dhLast, dcLast,
        &gates, &products, &dfactor, &dh0, &dc0)
      var (plainDfactor, plainDh0, plainDc0) = (empty, h0, c0)
      tlm_multiplicative_backward_plain(
        time, batch, hidden, inner, weight, factor, plainC, c0, restarts, dh, dhLast, dcLast,
        &plainGates, &plainProducts, &plainDfactor, &plainDh0, &plainDc0)
      compare(gates, plainGates, "multiplicative gradient of the gates")
      compare(products, plainProducts, "multiplicative gradient of the products")
      compare(dfactor, plainDfactor, "multiplicative gradient of the factor")
      compare(dh0, plainDh0, "multiplicative gradient of h0")
      compare(dc0, plainDc0, "multiplicative gradient of c0")
    }
  }

  func checkSLSTM() {
    let (m0, l0) = (fill(13, [batch, hidden]).array, fill(14, [batch, hidden], 1).array)
    withPacked { transposed, straight in
      let empty = zeros(hidden)
      var (gates, m, l, h) = (projected, empty, l0, empty)
      tlm_slstm_forward(
        time, batch, hidden, transposed, h0, m0, restarts, &gates, &m, &l, &h)
      var (plainGates, plainM, plainL, plainH) = (projected, empty, l0, empty)
      tlm_slstm_forward_plain(
        time, batch, hidden, weight, h0, m0, restarts, &plainGates, &plainM, &plainL, &plainH)
      compare(h, plainH, "sLSTM output")
      compare(m, plainM, "sLSTM means")
      compare(l, plainL, "sLSTM weights")
      var (dh0, dm0, dl0) = (dhLast, m0, l0)
      var (plainDh0, plainDm0, plainDl0) = (dhLast, m0, l0)
      tlm_slstm_backward(
        time, batch, hidden, straight, m, m0, restarts, dh, &gates, &dh0, &dm0, &dl0)
      tlm_slstm_backward_plain(
        time, batch, hidden, weight, plainM, m0, restarts, dh, &plainGates, &plainDh0, &plainDm0,
        &plainDl0)
      compare(gates, plainGates, "sLSTM gradient of the gates")
      compare(dh0, plainDh0, "sLSTM gradient of h0")
      compare(dm0, plainDm0, "sLSTM gradient of the first means")
      compare(dl0, plainDl0, "sLSTM gradient of the first weights")
    }
  }

  /// The weight packed as forward and as backward want it.
  private func withPacked(
    _ body: (_ transposed: OpaquePointer?, _ straight: OpaquePointer?) -> Void
  ) {
    let transposed = tlm_packed_create(TLM_FLOAT32, true, hidden, width, weight, hidden)
    let straight = tlm_packed_create(TLM_FLOAT32, false, width, hidden, weight, hidden)
    defer {
      tlm_packed_destroy(transposed)
      tlm_packed_destroy(straight)
    }
    body(transposed, straight)
  }

  private func zeros(_ width: Int) -> [Float] { Array(repeating: 0, count: time * batch * width) }

  /// Sums of up to 150 products, passed on through up to 6 steps, in float32.
  private func compare(_ actual: [Float], _ expected: [Float], _ what: String) {
    expectClose(
      actual.map(Double.init), expected.map(Double.init), tolerance: 2e-5,
      "\(what), T \(time), B \(batch), H \(hidden)")
  }
}
