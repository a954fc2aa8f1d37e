import CTextLMKernels
import TextLMTensors
import TextLMTestSupport
import Testing

/// The recurrence against its plain twin, and against oneDNN's LSTM.
@Suite("Kernels: LSTM")
struct KernelLSTMTests {
  @Test(arguments: InstructionSet.allCases)
  func recurrenceEqualsItsTwin(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      for size in [(1, 1, 1), (1, 1, 64), (4, 1, 20), (3, 5, 7), (6, 17, 32), (2, 40, 50)] {
        for restarting in [false, true] {
          LSTMCase(size, restarting: restarting).check(gathering: false)
          LSTMCase(size, restarting: restarting).check(gathering: true)
        }
      }
    }
  }

  @Test("oneDNN's layer gives the same output and gradients, where it has one")
  func oneDNN() {
    let (time, batch, input, hidden) = (6, 5, 12, 16)
    let example = LSTMCase((time, batch, hidden))
    let x = fill(11, [time, batch, input], 1)
    let (inputWeight, bias) = (fill(12, [4 * hidden, input]), fill(13, [4 * hidden]))
    let memory = Buffers()
    let (h, lastCell) = (memory.zeros(time * batch * hidden), memory.zeros(batch * hidden))
    var session: OpaquePointer?
    guard
      tlm_onednn_lstm_forward(
        TLM_FLOAT32, time, batch, input, hidden, memory.copy(x.array),
        memory.copy(inputWeight.array), memory.copy(example.weight), memory.copy(bias.array),
        memory.copy(example.h0), memory.copy(example.c0), h, lastCell, &session)
    else { return }
    let projected = x.multiplied(
      by: PackedMatrix(inputWeight, transposed: true, precision: .float32), adding: bias)
    let expected = example.runPlain(projected.array, tokens: nil)
    example.compare(memory.read(h), expected.h, "output")
    example.compare(
      memory.read(lastCell), Array(expected.c.suffix(batch * hidden)), "last cell state")

    let dx = memory.zeros(time * batch * input)
    let dInput = memory.zeros(4 * hidden * input)
    let dRecurrent = memory.zeros(4 * hidden * hidden)
    let dBias = memory.zeros(4 * hidden)
    let (dh0, dc0) = (memory.zeros(batch * hidden), memory.zeros(batch * hidden))
    let hasRun = tlm_onednn_lstm_backward(
      session, memory.copy(example.dh), memory.copy(example.dhLast), memory.copy(example.dcLast),
      dx, dInput, dRecurrent, dBias, dh0, dc0)
    #expect(hasRun)
    let gradients = example.backwardPlain(expected)
    let da = Tensor(gradients.da, shape: [time, batch, 4 * hidden])
    let (ofX, ofInputWeight) = (
      Tensor.product(da, inputWeight, precision: .float32),
      Tensor.product(da, x, transposeLeft: true, precision: .float32)
    )
    let ofRecurrentWeight = Tensor.recurrentWeightGradient(
      preactivations: da, hidden: Tensor(expected.h, shape: [time, batch, hidden]),
      initialHidden: Tensor(example.h0, shape: [batch, hidden]), precision: .float32)
    example.compare(memory.read(dh0), gradients.dh0, "gradient of h0")
    example.compare(memory.read(dc0), gradients.dc0, "gradient of c0")
    example.compare(memory.read(dBias), da.columnSums().array, "gradient of the bias")
    example.compare(memory.read(dx), ofX.array, "gradient of the input")
    example.compare(memory.read(dInput), ofInputWeight.array, "gradient of W_ih")
    example.compare(memory.read(dRecurrent), ofRecurrentWeight.array, "gradient of W_hh")
  }
}

/// Memory that stays where it is: a oneDNN session goes on reading what its forward call was given.
private final class Buffers {
  private var buffers: [UnsafeMutableBufferPointer<Float>] = []

  deinit {
    for buffer in buffers { buffer.deallocate() }
  }

  func copy(_ values: [Float]) -> UnsafeMutablePointer<Float>? {
    let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: values.count)
    _ = buffer.initialize(fromContentsOf: values)
    buffers.append(buffer)
    return buffer.baseAddress
  }

  func zeros(_ count: Int) -> UnsafeMutablePointer<Float>? {
    copy(Array(repeating: 0, count: count))
  }

  func read(_ address: UnsafeMutablePointer<Float>?) -> [Float] {
    buffers.first { $0.baseAddress == address }.map { Array($0) } ?? []
  }
}

/// One layer's recurrence on patternless numbers.
private struct LSTMCase {
  let time, batch, hidden: Int
  let vocabularySize = 5
  var weight: [Float] { fill(1, [4 * hidden, hidden]).array }
  var h0: [Float] { fill(2, [batch, hidden]).array }
  var c0: [Float] { fill(3, [batch, hidden]).array }
  var dh: [Float] { fill(4, [time, batch, hidden]).array }
  var dhLast: [Float] { fill(5, [batch, hidden]).array }
  var dcLast: [Float] { fill(6, [batch, hidden]).array }
  private var projected: [Float] { fill(7, [time, batch, 4 * hidden], 1).array }
  private var table: [Float] { fill(8, [vocabularySize, 4 * hidden], 1).array }
  private var tokens: [Int32] { (0..<time * batch).map { Int32($0 * $0 % vocabularySize) } }

  /// Some rows at some steps, the first and the last among them.
  let restarts: [Bool]?

  init(_ size: (Int, Int, Int), restarting: Bool = false) {
    (time, batch, hidden) = size
    restarts = restarting ? (0..<size.0 * size.1).map { ($0 * 5 + 1) % 3 == 1 } : nil
  }

  func check(gathering: Bool) {
    let tokens = gathering ? tokens : nil
    let expected = runPlain(projected, tokens: tokens)
    let transposed = tlm_packed_create(TLM_FLOAT32, true, hidden, 4 * hidden, weight, hidden)
    let straight = tlm_packed_create(TLM_FLOAT32, false, 4 * hidden, hidden, weight, hidden)
    defer {
      tlm_packed_destroy(transposed)
      tlm_packed_destroy(straight)
    }
    var (gates, c, h) = emptyRun
    if !gathering { gates = projected }
    tlm_lstm_forward(
      time, batch, hidden, transposed, tokens, table, h0, c0, restarts, &gates, &c, &h)
    compare(h, expected.h, "output")
    compare(c, expected.c, "cell states")
    compare(gates, expected.gates, "gates")

    let plain = backwardPlain(expected)
    var (da, dh0, dc0) = (gates, h0, h0)
    tlm_lstm_backward(
      time, batch, hidden, straight, gates, c, c0, restarts, dh, dhLast, dcLast, &da, &dh0, &dc0)
    compare(da, plain.da, "gradient of the pre-activations")
    compare(dh0, plain.dh0, "gradient of h0")
    compare(dc0, plain.dc0, "gradient of c0")
    gates.withUnsafeMutableBufferPointer { gates in
      tlm_lstm_backward(
        time, batch, hidden, straight, gates.baseAddress, c, c0, restarts, dh, dhLast, dcLast,
        gates.baseAddress, &dh0, &dc0)
    }
    compare(gates, da, "gradient written over the gates")
  }

  func runPlain(_ projected: [Float], tokens: [Int32]?) -> (gates: [Float], c: [Float], h: [Float])
  {
    var (gates, c, h) = emptyRun
    if tokens == nil { gates = projected }
    tlm_lstm_forward_plain(
      time, batch, hidden, weight, tokens, table, h0, c0, restarts, &gates, &c, &h)
    return (gates, c, h)
  }

  func backwardPlain(
    _ run: (gates: [Float], c: [Float], h: [Float])
  ) -> (da: [Float], dh0: [Float], dc0: [Float]) {
    var (da, dh0, dc0) = (run.gates, h0, h0)
    tlm_lstm_backward_plain(
      time, batch, hidden, weight, run.gates, run.c, c0, restarts, dh, dhLast, dcLast, &da, &dh0,
      &dc0)
    return (da, dh0, dc0)
  }

  /// Sums of up to 64 products, passed on through up to 6 steps, in float32.
  func compare(_ actual: [Float], _ expected: [Float], _ what: String) {
    expectClose(
      actual.map(Double.init), expected.map(Double.init), tolerance: 2e-5,
      "\(what), T \(time), B \(batch), H \(hidden)")
  }

  private var emptyRun: (gates: [Float], c: [Float], h: [Float]) {
    func zeros(_ width: Int) -> [Float] { Array(repeating: 0, count: time * batch * width) }
    return (zeros(4 * hidden), zeros(hidden), zeros(hidden))
  }
}
