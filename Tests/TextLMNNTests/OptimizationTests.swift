import Foundation
import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Optimizer, clipping and schedules")
struct OptimizationTests {
  /// Parameters of a root scope, and gradients of our choice: d Σ p · g / dp = g.
  private struct Problem {
    let parameters: [Parameter]

    init(_ values: [Tensor]) throws {
      let scope = ParameterScope(
        StoredParameters(
          Dictionary(
            uniqueKeysWithValues: values.enumerated().map { ("p\($0.offset)", $0.element) })))
      for (index, value) in values.enumerated() {
        _ = try scope.parameter("p\(index)", value.shape, .zeros)
      }
      parameters = scope.parameters
    }

    func gradients(_ wanted: [Tensor]) -> Gradients {
      valueWithGradients(random: RandomSource(seed: 1)) { pass in
        var total = Tensor(0)
        for (parameter, gradient) in zip(parameters, wanted) {
          total = pass.add(
            total, pass.sum(pass.multiply(pass.value(of: parameter), gradient)))
        }
        return total
      }.gradients
    }
  }

  private struct GoldenOptimizers: Decodable {
    struct Clip: Decodable {
      let total_norm: Double
      let a: [Double]
      let b: [Double]
    }
    struct Result: Decodable {
      let adam: [Double]
      let adamw: [Double]
      let adamw_b099: [Double]
      let clip: Clip
      enum CodingKeys: String, CodingKey {
        case adam, adamw, adamw_b099
        case clip = "clip_global_norm_1.0"
      }
    }
    let result: Result
  }

  @Test(
    "Three steps of torch.optim.AdamW(lr=0.01)",
    .enabled(if: GoldenVectors.arePresent, "needs ../shared/golden"))
  func adamW() throws {
    let golden = try GoldenVectors.read("optimizers", as: GoldenOptimizers.self).result
    let cases: [(AdamW, Shape, [Double])] = [
      (AdamW(weightDecay: 0.1), [1, 6], golden.adamw),
      (AdamW(secondDecayRate: 0.99, weightDecay: 0.1), [2, 3], golden.adamw_b099),
      (AdamW(), [6], golden.adam),
      // A vector does not decay, so weight decay must not change it.
      (AdamW(weightDecay: 0.1), [6], golden.adam),
    ]
    for (settings, shape, expected) in cases {
      var optimizer = settings
      let problem = try Problem([fill(1, shape, 1)])
      for step in 0..<3 {
        optimizer.update(
          problem.parameters, problem.gradients([fill(2 + step, shape, 1)]), learningRate: 0.01)
      }
      let actual = problem.parameters[0].value.array.map(Double.init)
      expectClose(actual, expected, tolerance: 1e-6, "\(settings.weightDecay), \(shape)")
    }
  }

  @Test(
    "torch.nn.utils.clip_grad_norm_([a, b], 1.0)",
    .enabled(if: GoldenVectors.arePresent, "needs ../shared/golden"))
  func clipping() throws {
    let golden = try GoldenVectors.read("optimizers", as: GoldenOptimizers.self).result.clip
    let problem = try Problem([fill(1, [6], 1), fill(2, [4], 1)])
    let gradients = problem.gradients([fill(3, [6], 3), fill(4, [4], 3)])
    expectClose(gradients.globalNorm, golden.total_norm, tolerance: 1e-6, "norm")
    let scale = GradientClip(maximumNorm: 1).scale(norm: gradients.globalNorm)
    for (parameter, expected) in zip(problem.parameters, [golden.a, golden.b]) {
      let clipped = gradients[parameter]?.array.map { Double($0) * scale }
      expectClose(clipped ?? [], expected, tolerance: 1e-6, parameter.path)
    }
  }

  @Test("Short gradients pass unchanged")
  func clippingShortGradients() {
    #expect(GradientClip(maximumNorm: 1).scale(norm: 0.5) == 1)
    #expect(GradientClip(maximumNorm: 1).scale(norm: 0) == 1)
  }

  @Test("A scaled gradient is the gradient of a scaled loss")
  func gradientScale() throws {
    let (once, twice) = (try Problem([fill(1, [2, 3])]), try Problem([fill(1, [2, 3])]))
    var (first, second) = (AdamW(epsilon: 0.1), AdamW(epsilon: 0.1))
    let gradient = fill(2, [2, 3])
    let double = Tensor(gradient.array.map { 2 * $0 }, shape: gradient.shape)
    first.update(
      once.parameters, once.gradients([gradient]), learningRate: 0.1, gradientScale: 2)
    second.update(twice.parameters, twice.gradients([double]), learningRate: 0.1)
    expectIdentical(once.parameters[0].value, twice.parameters[0].value, "value after one step")
  }

  @Test("An optimizer that was saved and restored goes on as the one that was not")
  func restoring() throws {
    let (whole, halves) = (try Problem([fill(1, [2, 3])]), try Problem([fill(1, [2, 3])]))
    var optimizer = AdamW(weightDecay: 0.1)
    var resumed = AdamW(weightDecay: 0.1)
    for step in 0..<4 {
      optimizer.update(whole.parameters, whole.gradients([fill(step, [2, 3])]), learningRate: 0.1)
      resumed.update(halves.parameters, halves.gradients([fill(step, [2, 3])]), learningRate: 0.1)
      let (count, saved) = (resumed.stepCount, resumed.tensors)
      resumed = AdamW(weightDecay: 0.1)
      try resumed.restore(stepCount: count, tensors: saved, for: halves.parameters)
    }
    expectIdentical(whole.parameters[0].value, halves.parameters[0].value, "value after four steps")
  }

  @Test("Missing moments are refused, and the optimizer stays as it was")
  func restoringIncompleteState() throws {
    let problem = try Problem([fill(1, [2, 3])])
    var optimizer = AdamW()
    #expect(throws: ParameterError.missing(path: "first_moment.p0", shape: [2, 3])) {
      try optimizer.restore(stepCount: 1, tensors: [:], for: problem.parameters)
    }
    #expect(optimizer.stepCount == 0)
  }

  @Test("A kept snapshot does not change when the optimizer steps")
  func snapshots() throws {
    let problem = try Problem([fill(1, [2, 3])])
    let before = problem.parameters[0].value
    var optimizer = AdamW()
    optimizer.update(problem.parameters, problem.gradients([fill(2, [2, 3])]), learningRate: 0.1)
    expectIdentical(before, fill(1, [2, 3]), "snapshot")
    #expect(problem.parameters[0].value.array != before.array)
  }

  @Test(
    "nanoGPT's schedule", .enabled(if: GoldenVectors.arePresent, "needs ../shared/golden"))
  func cosine() throws {
    struct Golden: Decodable { let nanogpt_cosine_warm2_total10_min0_1: [Double] }
    let expected = try GoldenVectors.read("lr_schedules", as: Golden.self)
      .nanogpt_cosine_warm2_total10_min0_1
    let schedule = Schedule.cosine(peak: 1, warmupSteps: 2, totalSteps: 10, floor: 0.1)
    expectClose((0..<10).map { schedule($0) }, expected, tolerance: 1e-12, "rates")
    #expect(schedule(10) == 0.1 && schedule(1_000_000) == 0.1)
  }

  @Test(
    "A schedule survives being written down",
    arguments: [
      Schedule.constant(rate: 0.1),
      Schedule.cosine(peak: 2e-3, warmupSteps: 10, totalSteps: 100, floor: 2e-4),
    ])
  func coding(schedule: Schedule) throws {
    let data = try JSONEncoder().encode(schedule)
    #expect(try JSONDecoder().decode(Schedule.self, from: data) == schedule)
  }
}
