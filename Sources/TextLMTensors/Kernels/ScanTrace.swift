import CTextLMKernels

/// A recurrence in which every unit goes its own way through the steps, so that no matrix is
/// multiplied inside it.
///
/// σ is the logistic function, g(x) = x + 0.5 for x >= 0 and else σ(x); c is the state before the
/// step, and letters are the unit's gates in their order.
package enum Scan: CaseIterable, Sendable {
  /// Gates z, a: h = (1 − σ(z)) c + σ(z) g(a), which is the state too.
  case minGRU
  /// Gates f, i, a: h = (σ(f) c + σ(i) g(a)) / (σ(f) + σ(i)), which is the state too.
  case minLSTM
  /// Gates z, i, o: the state becomes σ(i) tanh(z) + (1 − σ(i)) c, and h is σ(o) times that.
  case qrnn
  /// Gates z, f, r, parameters v, w, a skip x: with F = σ(f + v c) and R = σ(r + w c) the state
  /// becomes F c + (1 − F) z, and h is R times that plus (1 − R) x.
  case sru
  /// Gates k, v, parameters w, u: h is the mean of all v so far weighted with eᵏ, the present one
  /// with eᵏ⁺ᵘ; weights decay by eʷ a step. The state is the mean, and the logarithm of the sum of
  /// the weights.
  case wkv

  /// Numbers a unit gets at each step.
  package var gateCount: Int { self == .minGRU || self == .wkv ? 2 : 3 }
  /// Numbers that a unit remembers.
  package var stateCount: Int { self == .wkv ? 2 : 1 }
  /// Numbers that a unit has for all steps.
  package var parameterCount: Int { self == .sru || self == .wkv ? 2 : 0 }
  /// Whether the outputs are the states.
  var outputsState: Bool { self == .minGRU || self == .minLSTM }

  /// The state before the first step of `batchSize` rows of `width` units, [B, S · H].
  package func initialState(batchSize: Int, width: Int) -> Tensor {
    let row = (0..<stateCount).flatMap { tensor in
      repeatElement(tlm_scan_start(kernelValue, tensor), count: width)
    }
    return Tensor(
      (0..<batchSize).flatMap { _ in row }, shape: [batchSize, stateCount * width])
  }

  var kernelValue: tlm_scan {
    switch self {
    case .minGRU: TLM_MIN_GRU
    case .minLSTM: TLM_MIN_LSTM
    case .qrnn: TLM_QRNN
    case .sru: TLM_SRU
    case .wkv: TLM_WKV
    }
  }
}

/// What a scan computed over a whole sequence, kept for its backward pass.
///
/// Letters: T steps, B rows, H units, G gates, S states, P parameters of a unit.
package struct ScanTrace {
  /// Outputs [T, B, H].
  package let output: Tensor
  /// States [T, B, S · H].
  package let states: Tensor
  private let scan: Scan
  private var gates: Tensor
  private let initialState: Tensor
  private let parameters: Tensor?
  private let skip: Tensor?
  private let restarts: [Bool]?

  /// Runs all steps given gates [T, B, G · H], which are written over where nobody else holds them,
  /// the state before the first step [B, S · H], and, for scans that have them, parameters [P, H] and
  /// a skip [T, B, H].
  ///
  /// Before a step at which `restarts` [T, B] is true for a row, its state is the initial one.
  package init(
    _ scan: Scan, gates: consuming Tensor, initialState: Tensor, parameters: Tensor?, skip: Tensor?,
    restarts: [Bool]?
  ) {
    require(
      gates.shape.rank == 3 && gates.shape[0] > 0
        && gates.shape[2].isMultiple(of: scan.gateCount),
      "scan: gates \(gates.shape) are not \(scan.gateCount) a unit")
    let (time, batch) = (gates.shape[0], gates.shape[1])
    let width = gates.shape[2] / scan.gateCount
    require(
      initialState.shape == [batch, scan.stateCount * width]
        && parameters?.shape == (scan.parameterCount > 0 ? [scan.parameterCount, width] : nil)
        && skip?.shape == (scan == .sru ? [time, batch, width] : nil),
      """
      scan: state \(initialState.shape), parameters \(parameters.map { "\($0.shape)" } ?? "none"), \
      skip \(skip.map { "\($0.shape)" } ?? "none") for gates \(gates.shape)
      """)
    require(
      restarts.map { $0.count == time * batch } ?? true,
      "scan: restarts are not given for \(time) steps of \(batch) rows")
    var states = Tensor(shape: [time, batch, scan.stateCount * width]) { _ in }
    var output: Tensor? = scan.outputsState ? nil : Tensor(shape: [time, batch, width]) { _ in }
    withExtendedLifetime((initialState, parameters, skip)) {
      func run(gates: UnsafeMutablePointer<Float>, output: UnsafeMutablePointer<Float>?) {
        states.overwriteInPlace { states in
          tlm_scan_forward(
            scan.kernelValue, time, batch, width, parameters?.address, skip?.address,
            initialState.address, restarts, gates, states, output)
        }
      }
      gates.overwriteInPlace { gates in
        if output == nil {
          run(gates: gates, output: nil)
        } else {
          output?.overwriteInPlace { run(gates: gates, output: $0) }
        }
      }
    }
    (self.scan, self.gates, self.restarts) = (scan, gates, restarts)
    (self.initialState, self.parameters, self.skip) = (initialState, parameters, skip)
    (self.output, self.states) = (output ?? states, states)
  }

  /// Gradients of what the scan was given, in the given shapes; those of absent tensors are nil.
  package struct Gradients {
    package let gates: Tensor
    package let initialState: Tensor
    package let parameters: Tensor?
    package let skip: Tensor?
  }

  /// Gradients, given those of all outputs [T, B, H] and of the state after the last step [B, S · H];
  /// nil is zero. Writes over the gates, which is why this is the end of the trace.
  package consuming func gradients(output outputGradient: Tensor?, lastState: Tensor?) -> Gradients
  {
    let (time, batch, width) = (output.shape[0], output.shape[1], output.shape[2])
    let fromAbove = outputGradient ?? Tensor(zeros: output.shape)
    let (scan, states, initialState, restarts) = (scan, states, initialState, restarts)
    let (parameters, skip) = (parameters, skip)
    var stateGradient = Tensor(shape: initialState.shape) { _ in }
    var skipGradient = Tensor(shape: skip?.shape ?? [0]) { _ in }
    var parameterGradient = Tensor(
      shape: parameters == nil ? [0] : [batch, scan.parameterCount * width]
    ) { _ in }
    withExtendedLifetime((states, initialState, parameters, skip, fromAbove, lastState)) {
      gates.overwriteInPlace { gates in
        stateGradient.overwriteInPlace { stateGradient in
          skipGradient.overwriteInPlace { skipGradient in
            parameterGradient.overwriteInPlace { parameterGradient in
              tlm_scan_backward(
                scan.kernelValue, time, batch, width, parameters?.address, skip?.address,
                states.address, initialState.address, restarts, fromAbove.address,
                lastState?.address, gates, stateGradient, skip == nil ? nil : skipGradient,
                parameters == nil ? nil : parameterGradient)
            }
          }
        }
      }
    }
    return Gradients(
      gates: gates, initialState: stateGradient,
      parameters: parameters.map { parameterGradient.columnSums().reshaped(to: $0.shape) },
      skip: skip.map { _ in skipGradient })
  }
}
