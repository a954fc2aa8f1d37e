import CTextLMKernels
import TextLMTensors
import TextLMTestSupport
import Testing

/// Optimizer steps against their plain twins, at lengths that fill no vector, several, and more than
/// one thread's share.
@Suite("Kernels: optimizers")
struct KernelOptimizerTests {
  @Test(arguments: InstructionSet.allCases)
  func stepsEqualTheirTwins(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      for count in [1, 7, 16, 100, 40_001] {
        for update in OptimizerCase.updates { OptimizerCase(count: count, update: update).check() }
      }
    }
  }

  @Test("A weight or gradient that is no number stays none, whatever is clamped and thresholded")
  func notNumbers() {
    var update = UpdateTerms(learningRate: 0.1)
    (update.gradientLimit, update.l1) = (1, 1)
    for (weight, gradient) in [(Float.nan, Float(1)), (1, .nan)] {
      var value = Tensor([weight], shape: [1])
      SGDStep.withoutMomentum(&value, gradient: Tensor([gradient], shape: [1]), update)
      #expect(value.item.isNaN)
    }
  }
}

private struct OptimizerCase {
  let count: Int
  let update: tlm_update

  /// Nothing but the rule; and every term that a step can have.
  static let updates = [
    tlm_update(
      learning_rate: 0.01, gradient_scale: 0.5, gradient_limit: .infinity, weight_decay: 0.1,
      l2: 0, l1: 0),
    tlm_update(
      learning_rate: 0.1, gradient_scale: 0.5, gradient_limit: 0.4, weight_decay: 0.1, l2: 0.3,
      l1: 0.7),
  ]

  func check() {
    let (theta, gradient) = (fill(1, [count], 4).array, fill(2, [count], 1).array)
    let first = fill(3, [count], 1).array
    // Above the first moment's square, as a mean of squares is.
    let second = zip(fill(4, [count], 1).array, first).map { $0 * $0 + $1 * $1 }

    let adam = tlm_adam_settings(
      beta1: 0.9, beta2: 0.99, epsilon: 1e-8, correction1: 0.19, correction2: 0.0199)
    compare("Adam", [theta, first, second]) {
      tlm_adam(count, update, adam, gradient, $0[0], $0[1], $0[2], $1[0], $1[1], $1[2])
    } _: {
      tlm_adam_plain(count, update, adam, gradient, $0[0], $0[1], $0[2], $1[0], $1[1], $1[2])
    }
    for nesterov in [false, true] {
      let sgd = tlm_sgd_settings(keep: 0.9, take: 0.8, momentum: 0.9, nesterov: nesterov)
      compare("SGD", [theta, first]) {
        tlm_sgd(count, update, sgd, gradient, $0[0], $0[1], $1[0], $1[1])
      } _: {
        tlm_sgd_plain(count, update, sgd, gradient, $0[0], $0[1], $1[0], $1[1])
      }
    }
    compare("plain SGD", [theta]) {
      tlm_sgd(count, update, tlm_sgd_settings(), gradient, $0[0], nil, $1[0], nil)
    } _: {
      tlm_sgd_plain(count, update, tlm_sgd_settings(), gradient, $0[0], nil, $1[0], nil)
    }
    let rms = tlm_rmsprop_settings(decay: 0.95, epsilon: 1e-3, momentum: 0.9)
    compare("RMSprop", [theta, second]) {
      tlm_rmsprop(count, update, rms, gradient, $0[0], $0[1], nil, nil, $1[0], $1[1], nil, nil)
    } _: {
      tlm_rmsprop_plain(
        count, update, rms, gradient, $0[0], $0[1], nil, nil, $1[0], $1[1], nil, nil)
    }
    compare("centred RMSprop", [theta, second, first, gradient]) {
      tlm_rmsprop(
        count, update, rms, gradient, $0[0], $0[1], $0[2], $0[3], $1[0], $1[1], $1[2], $1[3])
    } _: {
      tlm_rmsprop_plain(
        count, update, rms, gradient, $0[0], $0[1], $0[2], $0[3], $1[0], $1[1], $1[2], $1[3])
    }
  }

  private typealias Step = ([UnsafePointer<Float>], [UnsafeMutablePointer<Float>]) -> Void

  /// Runs a step and its twin on copies of `buffers` and compares what they leave.
  private func compare(_ name: String, _ buffers: [[Float]], _ kernel: Step, _ plain: Step) {
    let (actual, expected) = (results(buffers, kernel), results(buffers, plain))
    for (index, (actual, expected)) in zip(actual, expected).enumerated() {
      expectClose(
        actual.map(Double.init), expected.map(Double.init), tolerance: 2e-6,
        "buffer \(index) of \(name), \(count) elements, l1 \(update.l1)")
    }
  }

  private func results(_ buffers: [[Float]], _ step: Step) -> [[Float]] {
    let memory = buffers.map { values in
      let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
      _ = buffer.initialize(fromContentsOf: values)
      return buffer
    }
    defer { for buffer in memory { buffer.deallocate() } }
    let addresses = memory.compactMap(\.baseAddress)
    step(addresses.map { UnsafePointer($0) }, addresses)
    return memory.map { Array($0) }
  }
}
