import CTextLMKernels
import TextLMTensors
import TextLMTestSupport
import Testing

/// Recurrences without products and depthwise convolutions against their plain twins.
@Suite("Kernels: scans")
struct KernelScanTests {
  @Test(arguments: InstructionSet.allCases)
  func scansEqualTheirTwins(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      for size in [(1, 1, 1), (4, 1, 20), (3, 5, 7), (6, 17, 32)] {
        for scan in [TLM_MIN_GRU, TLM_MIN_LSTM, TLM_QRNN, TLM_SRU, TLM_WKV] {
          ScanCase(scan, size, restarting: false).check()
          ScanCase(scan, size, restarting: true).check()
        }
      }
    }
  }

  @Test(arguments: InstructionSet.allCases)
  func depthwiseConvolutionEqualsItsTwin(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      for (time, batch, width, kernel) in [(1, 1, 1, 2), (1, 3, 20, 4), (7, 2, 33, 4)] {
        let isRestarting = width == 33
        let restarts = isRestarting ? (0..<time * batch).map { ($0 * 5 + 1) % 4 == 1 } : nil
        let x = fill(1, [time, batch, width], 1).array
        let past = fill(2, [batch, (kernel - 1) * width], 1).array
        let (weight, bias) = (fill(3, [kernel, width]).array, fill(4, [width]).array)
        let dy = fill(5, [time, batch, width], 1).array
        var (y, plainY) = (x, x)
        tlm_depthwise_forward(time, batch, width, kernel, x, past, weight, bias, restarts, &y)
        tlm_depthwise_forward_plain(
          time, batch, width, kernel, x, past, weight, bias, restarts, &plainY)
        compare(y, plainY, "convolution")
        let parameters = [Float](repeating: 7, count: batch * (kernel + 1) * width)
        var (dx, dpast, dparameters) = (x, past, parameters)
        var (plainDx, plainDpast, plainDparameters) = (x, past, parameters)
        tlm_depthwise_backward(
          time, batch, width, kernel, x, past, weight, restarts, dy, &dx, &dpast, &dparameters)
        tlm_depthwise_backward_plain(
          time, batch, width, kernel, x, past, weight, restarts, dy, &plainDx, &plainDpast,
          &plainDparameters)
        compare(dx, plainDx, "convolution's input gradient")
        compare(dpast, plainDpast, "convolution's gradient of the past")
        compare(dparameters, plainDparameters, "convolution's parameter gradients")
      }
    }
  }
}

/// Float32 over up to 7 steps.
private func compare(_ actual: [Float], _ expected: [Float], _ what: String) {
  expectClose(
    actual.map(Double.init), expected.map(Double.init), tolerance: 1e-5, what)
}

/// One scan on patternless numbers.
private struct ScanCase {
  let scan: tlm_scan
  let time, batch, width, gateCount, stateCount: Int
  let parameters: [Float]?
  let skip: [Float]?
  /// The output is the state.
  let isStateOnly: Bool
  /// Some rows at some steps, the first and the last among them.
  let restarts: [Bool]?

  init(_ scan: tlm_scan, _ size: (Int, Int, Int), restarting: Bool) {
    self.scan = scan
    (time, batch, width) = size
    gateCount = scan == TLM_MIN_GRU || scan == TLM_WKV ? 2 : 3
    stateCount = scan == TLM_WKV ? 2 : 1
    isStateOnly = scan == TLM_MIN_GRU || scan == TLM_MIN_LSTM
    let hasParameters = scan == TLM_SRU || scan == TLM_WKV
    parameters = hasParameters ? fill(1, [2, size.2], 1).array : nil
    skip = scan == TLM_SRU ? fill(2, [size.0, size.1, size.2], 1).array : nil
    restarts = restarting ? (0..<size.0 * size.1).map { ($0 * 5 + 1) % 3 == 1 } : nil
  }

  func check() {
    let state0 = fill(3, [batch, stateCount * width]).array
    let gates = fill(4, [time, batch, gateCount * width], 2).array
    let dh = fill(5, [time, batch, width]).array
    let dstate = fill(6, [batch, stateCount * width]).array
    let states = [Float](repeating: 0, count: time * batch * stateCount * width)
    var (a, s, h) = (gates, states, dh)
    var (plainA, plainS, plainH) = (gates, states, dh)
    withOutput(&h) {
      tlm_scan_forward(
        scan, time, batch, width, parameters, skip, state0, restarts, &a, &s, $0)
    }
    withOutput(&plainH) {
      tlm_scan_forward_plain(
        scan, time, batch, width, parameters, skip, state0, restarts, &plainA, &plainS, $0)
    }
    compare(h, plainH, "\(scan) output")
    compare(s, plainS, "\(scan) state")
    compare(a, plainA, "\(scan) gates")
    var (dstate0, dskip) = (state0, dh)
    var dparameters = [Float](repeating: 7, count: batch * 2 * width)
    var (plainDstate0, plainDskip, plainDparameters) = (state0, dh, dparameters)
    tlm_scan_backward(
      scan, time, batch, width, parameters, skip, s, state0, restarts, dh, dstate, &a, &dstate0,
      &dskip, &dparameters)
    tlm_scan_backward_plain(
      scan, time, batch, width, parameters, skip, s, state0, restarts, dh, dstate, &plainA,
      &plainDstate0, &plainDskip, &plainDparameters)
    compare(a, plainA, "\(scan) gradient of the gates")
    compare(dstate0, plainDstate0, "\(scan) gradient of the state")
    if skip != nil { compare(dskip, plainDskip, "\(scan) gradient of the skip") }
    if parameters != nil {
      compare(dparameters, plainDparameters, "\(scan) gradient of the parameters")
    }
  }

  private func withOutput(
    _ output: inout [Float], _ body: (UnsafeMutablePointer<Float>?) -> Void
  ) {
    output.withUnsafeMutableBufferPointer { body(isStateOnly ? nil : $0.baseAddress) }
  }
}
