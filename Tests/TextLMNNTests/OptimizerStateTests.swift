import Foundation
import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Optimizers survive being stored")
struct OptimizerStateTests {
  @Test(
    "An optimizer that was saved and restored goes on as the one that was not",
    arguments: [
      .sgd(momentum: 0.9, dampening: 0.1, isNesterov: true),
      .rmsprop(decayRate: 0.95, epsilon: 1e-8, momentum: 0.9, isCentered: true),
      .rmsprop(decayRate: 0.95, epsilon: 1e-8, momentum: 0, isCentered: false),
      .adam(firstDecayRate: 0.9, secondDecayRate: 0.999, epsilon: 1e-8), .standard,
    ] as [OptimizerRule])
  func restoring(rule: OptimizerRule) throws {
    let start = [fill(1, [2, 3]), fill(2, [2])]
    let (whole, halves) = (try OptimizationProblem(start), try OptimizationProblem(start))
    var optimizer = rule.makeOptimizer()
    var resumed = rule.makeOptimizer()
    for index in 0..<4 {
      // The second parameter joins at the third step.
      let step = OptimizationStep(
        learningRate: 0.1, weightDecay: 0.1, rateFactors: index < 2 ? ["p1": 0] : [:])
      let wanted = [fill(index, [2, 3]), fill(index, [2])]
      optimizer.update(whole.parameters, whole.gradients(wanted), step)
      resumed.update(halves.parameters, halves.gradients(wanted), step)
      let (count, saved) = (resumed.stepCount, resumed.tensors)
      resumed = rule.makeOptimizer()
      try resumed.restore(stepCount: count, tensors: saved, for: halves.parameters)
    }
    for (parameter, other) in zip(whole.parameters, halves.parameters) {
      expectIdentical(parameter.value, other.value, "\(parameter.path) after four steps")
    }
  }

  @Test("Missing moments are refused, and the optimizer stays as it was")
  func restoringIncompleteState() throws {
    let problem = try OptimizationProblem([fill(1, [2, 3])])
    var optimizer = Adam()
    #expect(throws: ParameterError.missing(path: "first_moment.p0", shape: [2, 3])) {
      try optimizer.restore(stepCount: 1, tensors: [:], for: problem.parameters)
    }
    #expect(optimizer.stepCount == 0)
  }

  @Test("Counts of steps that cannot be are refused", arguments: [-1, 0.5, 3, .nan] as [Float])
  func impossibleCounts(count: Float) throws {
    let problem = try OptimizationProblem([fill(1, [2, 3])])
    var optimizer = SGD()
    #expect {
      try optimizer.restore(
        stepCount: 2, tensors: ["skipped_steps.p0": Tensor(count)], for: problem.parameters)
    } throws: { error in
      guard case .value(let path, let found)? = error as? ParameterError else { return false }
      return path == "skipped_steps.p0" && found.bitPattern == count.bitPattern
    }
  }

  @Test("A rule survives being written down")
  func coding() throws {
    let rule = OptimizerRule.rmsprop(
      decayRate: 0.95, epsilon: 1e-8, momentum: 0.9, isCentered: true)
    let data = try JSONEncoder().encode(rule)
    #expect(try JSONDecoder().decode(OptimizerRule.self, from: data) == rule)
  }
}
