import CTextLMKernels
import Testing
import TextLMTensors
import TextLMTestSupport

/// The mogrifier's recurrence against its plain twin.
@Suite("Kernels: mogrifier")
struct KernelMogrifierTests {
  @Test(arguments: InstructionSet.allCases)
  func recurrenceEqualsItsTwin(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      for rounds in [1, 2, 5] {
        for (time, batch, input, hidden) in [(1, 1, 3, 5), (4, 9, 20, 33), (3, 2, 33, 7)] {
          for restarting in [false, true] {
            MogrifierCase(
              rounds: rounds, time: time, batch: batch, input: input, hidden: hidden,
              restarting: restarting
            ).check()
          }
        }
      }
    }
  }
}

/// One layer on patternless numbers.
private struct MogrifierCase {
  let rounds, time, batch, input, hidden: Int
  let restarting: Bool

  private struct Run {
    var scales, values, gates, c, h, dx, dh0, dc0: [Float]
  }

  private func width(_ round: Int) -> Int { round.isMultiple(of: 2) ? hidden : input }

  /// Matrices of the rounds [outputs, inputs], of the input and of the recurrence.
  private var matrices: [Tensor] {
    (1...rounds).map { fill($0, [width($0), width($0 + 1)]) }
      + [fill(20, [4 * hidden, input]), fill(21, [4 * hidden, hidden])]
  }

  private var biases: [[Float]] {
    (1...rounds).map { fill(30 + $0, [width($0)]).array } + [fill(40, [4 * hidden]).array]
  }

  func check() {
    let places = time * batch
    let sizes = (1...rounds).reduce(0) { $0 + width($1) } * places
    func zeros(_ count: Int) -> [Float] { Array(repeating: 0, count: count) }
    let empty = Run(
      scales: zeros(sizes), values: zeros(sizes), gates: zeros(places * 4 * hidden),
      c: zeros(places * hidden), h: zeros(places * hidden), dx: zeros(places * input),
      dh0: zeros(batch * hidden), dc0: zeros(batch * hidden))
    let x = fill(50, [time, batch, input], 1).array
    let (h0, c0) = (fill(51, [batch, hidden]).array, fill(52, [batch, hidden]).array)
    let dh = fill(53, [time, batch, hidden]).array
    let (dhLast, dcLast) = (fill(54, [batch, hidden]).array, fill(55, [batch, hidden]).array)
    let restarts = restarting ? (0..<places).map { ($0 * 5 + 1) % 3 == 1 } : nil
    var (fast, plain) = (empty, empty)
    withLayer(transposed: true) {
      tlm_mogrifier_forward(
        time, batch, input, hidden, $0, x, h0, c0, restarts, &fast.scales, &fast.values,
        &fast.gates, &fast.c, &fast.h)
    }
    withPlainLayer {
      tlm_mogrifier_forward_plain(
        time, batch, input, hidden, $0, x, h0, c0, restarts, &plain.scales, &plain.values,
        &plain.gates, &plain.c, &plain.h)
    }
    compare(fast, plain, "forward")
    withLayer(transposed: false) {
      tlm_mogrifier_backward(
        time, batch, input, hidden, $0, x, fast.values, fast.h, h0, fast.c, c0, restarts, dh,
        dhLast, dcLast, &fast.scales, &fast.gates, &fast.dx, &fast.dh0, &fast.dc0)
    }
    withPlainLayer {
      tlm_mogrifier_backward_plain(
        time, batch, input, hidden, $0, x, plain.values, plain.h, h0, plain.c, c0, restarts, dh,
        dhLast, dcLast, &plain.scales, &plain.gates, &plain.dx, &plain.dh0, &plain.dc0)
    }
    compare(fast, plain, "backward")
  }

  private func compare(_ fast: Run, _ plain: Run, _ what: String) {
    for (name, path) in [
      ("scales", \Run.scales), ("values", \.values), ("gates", \.gates), ("cells", \.c),
      ("output", \.h), ("input's gradient", \.dx), ("gradient of h0", \.dh0),
      ("gradient of c0", \.dc0),
    ] {
      expectClose(
        fast[keyPath: path].map(Double.init), plain[keyPath: path].map(Double.init),
        tolerance: 2e-5, "\(what), \(rounds) rounds, \(name)")
    }
  }

  /// Calls `body` with addresses of arrays that live as long as it runs.
  private func withAddresses(
    _ arrays: [[Float]], _ body: ([UnsafePointer<Float>?]) -> Void
  ) {
    let buffers = arrays.map { values in
      let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: values.count)
      _ = buffer.initialize(fromContentsOf: values)
      return buffer
    }
    body(buffers.map { UnsafePointer($0.baseAddress) })
    for buffer in buffers { buffer.deallocate() }
  }

  private func withLayer(transposed: Bool, _ body: (UnsafePointer<tlm_mogrifier>) -> Void) {
    let packs = matrices.map { matrix in
      let (rows, columns) = (matrix.shape[0], matrix.shape[1])
      return tlm_packed_create(
        TLM_FLOAT32, transposed, transposed ? columns : rows, transposed ? rows : columns,
        matrix.array, columns)
    }
    withAddresses(biases) { biases in
      packs.withUnsafeBufferPointer { packs in
        biases.withUnsafeBufferPointer { biases in
          var layer = tlm_mogrifier(
            rounds: rounds, weights: packs.baseAddress, biases: biases.baseAddress,
            input: packs[rounds], recurrent: packs[rounds + 1], bias: biases[rounds])
          body(&layer)
        }
      }
    }
    packs.forEach(tlm_packed_destroy)
  }

  private func withPlainLayer(_ body: (UnsafePointer<tlm_mogrifier_plain>) -> Void) {
    withAddresses(matrices.map(\.array) + biases) { all in
      all.withUnsafeBufferPointer { all in
        let biases = all.baseAddress.map { $0 + rounds + 2 }
        var layer = tlm_mogrifier_plain(
          rounds: rounds, weights: all.baseAddress, biases: biases, weight_ih: all[rounds],
          weight_hh: all[rounds + 1], bias: all[2 * rounds + 2])
        body(&layer)
      }
    }
  }
}
