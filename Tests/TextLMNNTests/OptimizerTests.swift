import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

/// All optimizers, each with everything that changes what it keeps.
private let rules: [OptimizerRule] = [
  .sgd(momentum: 0, dampening: 0, isNesterov: false),
  .sgd(momentum: 0.9, dampening: 0.5, isNesterov: false),
  .sgd(momentum: 0.9, dampening: 0, isNesterov: true),
  .rmsprop(decayRate: 0.95, epsilon: 1e-8, momentum: 0, isCentered: false),
  .rmsprop(decayRate: 0.95, epsilon: 1e-8, momentum: 0.9, isCentered: true),
  .adam(firstDecayRate: 0.9, secondDecayRate: 0.999, epsilon: 1e-8),
  .adamw(firstDecayRate: 0.9, secondDecayRate: 0.99, epsilon: 1e-8),
]

@Suite("Optimizers")
struct OptimizerTests {
  /// A rule, the step's terms, and the entry of the golden results.
  struct GoldenRule: CustomTestStringConvertible {
    let name: String
    let rule: OptimizerRule
    var step = OptimizationStep(learningRate: 0.01)
    var shape: Shape = [2, 3]
    var testDescription: String { name }
  }

  private static let goldenRules: [GoldenRule] = {
    let sgd = OptimizationStep(learningRate: 0.1)
    let decayed = OptimizationStep(learningRate: 0.01, weightDecay: 0.1)
    let adam = OptimizerRule.adam(firstDecayRate: 0.9, secondDecayRate: 0.999, epsilon: 1e-8)
    let adamw = OptimizerRule.adamw(firstDecayRate: 0.9, secondDecayRate: 0.999, epsilon: 1e-8)
    return [
      GoldenRule(name: "sgd", rule: rules[0], step: sgd),
      GoldenRule(
        name: "sgd_momentum", rule: .sgd(momentum: 0.9, dampening: 0, isNesterov: false), step: sgd),
      GoldenRule(name: "sgd_nesterov", rule: rules[2], step: sgd),
      GoldenRule(
        name: "sgd_wd", rule: rules[0], step: OptimizationStep(learningRate: 0.1, l2: 0.01)),
      GoldenRule(name: "rmsprop", rule: rules[3]),
      GoldenRule(
        name: "rmsprop_mom",
        rule: .rmsprop(decayRate: 0.95, epsilon: 1e-8, momentum: 0.9, isCentered: false)),
      GoldenRule(
        name: "rmsprop_centered",
        rule: .rmsprop(decayRate: 0.95, epsilon: 1e-8, momentum: 0, isCentered: true)),
      GoldenRule(name: "adam", rule: adam),
      GoldenRule(name: "adam_l2", rule: adam, step: decayed),
      GoldenRule(name: "adam_l2", rule: adamw, step: OptimizationStep(learningRate: 0.01, l2: 0.1)),
      GoldenRule(name: "adamw", rule: adamw, step: decayed, shape: [1, 6]),
      GoldenRule(name: "adamw_b099", rule: .standard, step: decayed),
      // A vector neither decays nor is penalized.
      GoldenRule(
        name: "adam", rule: adamw,
        step: OptimizationStep(learningRate: 0.01, weightDecay: 0.1, l2: 0.1, l1: 0.1), shape: [6]),
    ]
  }()

  @Test(
    "Three steps of torch.optim's rules", arguments: goldenRules)
  func golden(golden: GoldenRule) throws {
    struct Results: Decodable {
      let result: [String: Value]
      /// Some entries hold other things than a list.
      struct Value: Decodable {
        let elements: [Double]?
        init(from decoder: any Decoder) throws {
          elements = try? decoder.singleValueContainer().decode([Double].self)
        }
      }
    }
    let expected = try GoldenVectors.read("optimizers", as: Results.self)
      .result[golden.name]?.elements
    let problem = try OptimizationProblem([fill(1, golden.shape, 1)])
    let actual = problem.valuesAfterThreeSteps(golden.rule.makeOptimizer(), golden.step)
    expectClose(actual, try #require(expected), tolerance: 2e-6, golden.name)
  }

  /// ```python
  /// # As in oracles.py: q = fill(1, (6,), 1.0), gradients fill(2 ..), three steps of
  /// SGD(q, lr=0.1, momentum=0.9, dampening=0.5)
  /// RMSprop(q, lr=0.01, alpha=0.95, centered=True, momentum=0.9)
  /// RMSprop(q, lr=0.01, alpha=0.95, weight_decay=0.1)
  /// SGD(q, lr=0.1) after clip_grad_value_([q], 0.4)
  /// ```
  @Test("Three steps of further rules of PyTorch")
  func furtherRules() throws {
    let cases: [(String, OptimizerRule, OptimizationStep, [Double])] = [
      (
        "dampening", rules[1], OptimizationStep(learningRate: 0.1),
        [
          1.089847195323, 0.457474358321, -0.521105952602, -1.105323667646, -0.853054467347,
          0.044789346885,
        ]
      ),
      (
        "centred with momentum", rules[4], OptimizationStep(learningRate: 0.01),
        [
          1.079714383119, 0.329724340854, -0.57156276045, -1.195128411256, -0.762643514049,
          0.157395714325,
        ]
      ),
      (
        "RMSprop with L2", rules[3], OptimizationStep(learningRate: 0.01, l2: 0.1),
        [
          0.959292304361, 0.248699072348, -0.616247517316, -1.067402881816, -0.659366834156,
          0.217261859359,
        ]
      ),
      (
        "clipping by value", rules[0], OptimizationStep(learningRate: 0.1, gradientLimit: 0.4),
        [
          0.949297426826, 0.237567939166, -0.651857890943, -1.014930265124, -0.671266637872,
          0.255119988088,
        ]
      ),
    ]
    for (name, rule, step, expected) in cases {
      let problem = try OptimizationProblem([fill(1, [2, 3], 1)])
      let actual = problem.valuesAfterThreeSteps(rule.makeOptimizer(), step)
      expectClose(actual, expected, tolerance: 2e-6, name)
    }
  }

  @Test("L1 alone shortens each weight by rate times weight and stops at 0")
  func l1() throws {
    let start: [Float] = [0.5, -0.5, 0.05, -0.05, 0, 0.1]
    let problem = try OptimizationProblem([Tensor(start, shape: [2, 3])])
    var optimizer = SGD()
    optimizer.update(
      problem.parameters, problem.gradients([Tensor(zeros: [2, 3])]),
      OptimizationStep(learningRate: 0.2, l1: 0.5))
    // η · l1 is 0.1.
    expectClose(
      problem.parameters[0].value, Tensor([0.4, -0.4, 0, 0, 0, 0], shape: [2, 3]),
      tolerance: 1e-7, "value")
  }

  @Test("Decoupled decay shortens a weight by rate times decay", arguments: rules)
  func decoupledDecay(rule: OptimizerRule) throws {
    let problem = try OptimizationProblem([fill(1, [2, 3])])
    var optimizer = rule.makeOptimizer()
    optimizer.update(
      problem.parameters, problem.gradients([Tensor(zeros: [2, 3])]),
      OptimizationStep(learningRate: 0.1, weightDecay: 0.5))
    let shortened = Tensor(fill(1, [2, 3]).array.map { $0 * 0.95 }, shape: [2, 3])
    // With coupled decay the gradient is not zero, and Adam's step is the rate.
    let coupled = Tensor(
      fill(1, [2, 3]).array.map { $0 - ($0 > 0 ? 0.1 : -0.1) }, shape: [2, 3])
    if case .adam = rule {
      expectClose(problem.parameters[0].value, coupled, tolerance: 1e-6, "coupled")
    } else {
      expectClose(problem.parameters[0].value, shortened, tolerance: 1e-7, "decoupled")
    }
  }

  @Test("A scaled gradient is the gradient of a scaled loss", arguments: rules)
  func gradientScale(rule: OptimizerRule) throws {
    let gradient = fill(2, [2, 3])
    let double = Tensor(gradient.array.map { 2 * $0 }, shape: gradient.shape)
    let values = try [(gradient, 2.0), (double, 1.0)].map { gradient, scale in
      let problem = try OptimizationProblem([fill(1, [2, 3])])
      var optimizer = rule.makeOptimizer()
      optimizer.update(
        problem.parameters, problem.gradients([gradient]),
        OptimizationStep(learningRate: 0.1, gradientScale: scale))
      return problem.parameters[0].value
    }
    expectIdentical(values[0], values[1], "value after one step")
  }

  @Test("A factor multiplies a parameter's rate, and 0 leaves it and its moments as they were")
  func rateFactors() throws {
    let start = [fill(1, [2, 3]), fill(1, [2, 3]), fill(1, [2, 3])]
    let problem = try OptimizationProblem(start)
    var optimizer = Adam()
    optimizer.update(
      problem.parameters, problem.gradients(Array(repeating: fill(2, [2, 3]), count: 3)),
      OptimizationStep(learningRate: 0.01, rateFactors: ["p1": 0.5, "p2": 0]))
    let moves = problem.parameters.map { parameter in
      zip(parameter.value.array, fill(1, [2, 3]).array).map { Double($0 - $1) }
    }
    expectClose(moves[1], moves[0].map { $0 / 2 }, tolerance: 1e-7, "half the rate")
    expectIdentical(problem.parameters[2].value, start[2], "frozen")
    #expect(optimizer.tensors["first_moment.p2"] == nil)
  }

  @Test("A parameter that is thawed later starts as if the training began then", arguments: rules)
  func thawing(rule: OptimizerRule) throws {
    let (late, fresh) = (
      try OptimizationProblem([fill(1, [2, 3])]), try OptimizationProblem([fill(1, [2, 3])])
    )
    var (first, second) = (rule.makeOptimizer(), rule.makeOptimizer())
    let gradients = late.gradients([fill(2, [2, 3])])
    for _ in 0..<5 {
      first.update(
        late.parameters, gradients, OptimizationStep(learningRate: 0.01, rateFactors: ["p0": 0]))
    }
    let (count, saved) = (first.stepCount, first.tensors)
    first = rule.makeOptimizer()
    try first.restore(stepCount: count, tensors: saved, for: late.parameters)
    for step in 0..<3 {
      let step = OptimizationStep(learningRate: 0.01 * Double(step + 1))
      first.update(late.parameters, gradients, step)
      second.update(fresh.parameters, fresh.gradients([fill(2, [2, 3])]), step)
    }
    #expect(first.stepCount == 8)
    expectIdentical(late.parameters[0].value, fresh.parameters[0].value, "value")
  }

  @Test("The step's momentum takes the place of the optimizer's", arguments: rules)
  func momentumOverride(rule: OptimizerRule) throws {
    let other: OptimizerRule =
      switch rule {
      case .sgd(let momentum, let dampening, let isNesterov):
        .sgd(momentum: momentum == 0 ? 0 : 0.7, dampening: dampening, isNesterov: isNesterov)
      case .rmsprop(let decayRate, let epsilon, let momentum, let isCentered):
        .rmsprop(
          decayRate: decayRate, epsilon: epsilon, momentum: momentum == 0 ? 0 : 0.7,
          isCentered: isCentered)
      case .adam(_, let second, let epsilon):
        .adam(firstDecayRate: 0.7, secondDecayRate: second, epsilon: epsilon)
      case .adamw(_, let second, let epsilon):
        .adamw(firstDecayRate: 0.7, secondDecayRate: second, epsilon: epsilon)
      }
    let overridden = try OptimizationProblem([fill(1, [2, 3])]).valuesAfterThreeSteps(
      rule.makeOptimizer(), OptimizationStep(learningRate: 0.1, momentumOverride: 0.7))
    let own = try OptimizationProblem([fill(1, [2, 3])]).valuesAfterThreeSteps(
      other.makeOptimizer(), OptimizationStep(learningRate: 0.1))
    #expect(overridden == own)
  }

  @Test("A kept snapshot does not change when the optimizer steps", arguments: rules)
  func snapshots(rule: OptimizerRule) throws {
    let problem = try OptimizationProblem([fill(1, [2, 3])])
    let before = problem.parameters[0].value
    var optimizer = rule.makeOptimizer()
    optimizer.update(
      problem.parameters, problem.gradients([fill(2, [2, 3])]),
      OptimizationStep(learningRate: 0.1))
    expectIdentical(before, fill(1, [2, 3]), "snapshot")
    #expect(problem.parameters[0].value.array != before.array)
  }
}
