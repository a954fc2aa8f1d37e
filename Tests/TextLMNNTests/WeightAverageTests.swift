import Foundation
import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Averages of weights")
struct WeightAverageTests {
  private func problem(_ value: Float = 0) throws -> OptimizationProblem {
    try OptimizationProblem([Tensor(repeating: value, shape: [2, 3]), fill(1, [2])])
  }

  /// The average that the parameters would get.
  private func average(_ average: WeightAverage, _ problem: OptimizationProblem) -> Tensor {
    var average = average
    average.exchange(with: problem.parameters)
    defer { average.exchange(with: problem.parameters) }
    return problem.parameters[0].value
  }

  /// PyTorch's weight lags a step behind: its average after three steps is the mean of the last two.
  @Test(
    "torch.optim.ASGD(lr=0.1, t0=0, lambd=0)")
  func golden() throws {
    struct Golden: Decodable {
      struct Result: Decodable { let asgd_t0_0_lambd0: Average }
      struct Average: Decodable { let average: [Double] }
      let result: Result
    }
    let expected = try GoldenVectors.read("optimizers", as: Golden.self)
      .result.asgd_t0_0_lambd0.average
    let problem = try OptimizationProblem([fill(1, [2, 3], 1)])
    var optimizer = SGD()
    var mean = WeightAverage(.triggered(patience: 0))
    mean.observe(1)
    mean.observe(2)
    for step in 0..<3 {
      optimizer.update(
        problem.parameters, problem.gradients([fill(2 + step, [2, 3], 1)]),
        OptimizationStep(learningRate: 0.1))
      if step > 0 { mean.update(problem.parameters) }
    }
    expectClose(
      average(mean, problem).array.map(Double.init), expected, tolerance: 1e-6, "average")
  }

  @Test("Exponential averages weigh each step as the formula says, the first one included")
  func exponential() throws {
    let problem = try problem()
    var average = WeightAverage(.exponential(decay: 0.75))
    #expect(!average.hasAverage)
    let values: [Double] = [8, -4, 2, 6]
    for count in 1...4 {
      problem.parameters[0].value = Tensor(repeating: Float(values[count - 1]), shape: [2, 3])
      average.update(problem.parameters)
      let weights = (0..<count).map { pow(0.75, Double(count - 1 - $0)) }
      let expected =
        zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
      expectClose(
        self.average(average, problem).array.map(Double.init),
        Array(repeating: expected, count: 6), tolerance: 1e-6, "after \(count) steps")
    }
  }

  /// `len(vals) > n and val > min(vals[:-n])` of awd-lstm-lm's main.py, vals being the earlier ones.
  @Test(
    "A triggered average begins when an evaluation is worse than all but the last few",
    arguments: [
      ([5, 4, 3, 2, 1, 0, -1], nil), ([1, 2, 3], nil), ([1, 2, 3, 4], 3), ([3, 2, 1, 2.5, 2.5], 4),
      ([3, 2, 1, 1.5, 1.5, 1.5], 5), ([2, 2, 2, 2, 2], nil),
    ] as [([Double], Int?)])
  func trigger(losses: [Double], start: Int?) throws {
    var average = WeightAverage(.triggered(patience: 2))
    let states = losses.map { loss in
      average.observe(loss)
      return average.progress.isAveraging
    }
    #expect(states.firstIndex(of: true) == start)
  }

  @Test("Exchanging twice changes nothing, and nothing happens without an average")
  func exchange() throws {
    let problem = try problem(1)
    var waiting = WeightAverage(.triggered(patience: 2))
    waiting.update(problem.parameters)
    waiting.exchange(with: problem.parameters)
    #expect(!waiting.hasAverage && waiting.tensors.isEmpty)
    #expect(problem.parameters[0].value.array.allSatisfy { $0 == 1 })
    var average = WeightAverage(.exponential(decay: 0.5))
    average.update(problem.parameters)
    problem.parameters[0].value = Tensor(repeating: 4, shape: [2, 3])
    average.update(problem.parameters)
    average.exchange(with: problem.parameters)
    #expect(problem.parameters[0].value.array.allSatisfy { $0 == 3 })
    average.exchange(with: problem.parameters)
    #expect(problem.parameters[0].value.array.allSatisfy { $0 == 4 })
  }

  @Test(
    "An average that was saved and restored goes on as the one that was not",
    arguments: [.exponential(decay: 0.9), .triggered(patience: 1)] as [AveragingRule])
  func restoring(rule: AveragingRule) throws {
    let problem = try problem()
    var (whole, parts) = (WeightAverage(rule), WeightAverage(rule))
    for index in 0..<6 {
      problem.parameters[0].value = fill(index, [2, 3])
      whole.update(problem.parameters)
      parts.update(problem.parameters)
      whole.observe([3, 2, 2.5, 4, 5, 6][index])
      parts.observe([3, 2, 2.5, 4, 5, 6][index])
      let (progress, tensors) = (parts.progress, parts.tensors)
      let data = try JSONEncoder().encode(progress)
      parts = WeightAverage(rule)
      try parts.restore(
        JSONDecoder().decode(WeightAverage.Progress.self, from: data), tensors: tensors,
        for: problem.parameters)
    }
    #expect(parts.progress == whole.progress && whole.hasAverage)
    expectIdentical(average(parts, problem), average(whole, problem), "average")
    var damaged = WeightAverage(rule)
    #expect(throws: ParameterError.missing(path: "average.p0", shape: [2, 3])) {
      try damaged.restore(whole.progress, tensors: [:], for: problem.parameters)
    }
    #expect(!damaged.hasAverage)
  }
}
