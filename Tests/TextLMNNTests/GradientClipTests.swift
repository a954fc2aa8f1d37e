import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Clipping by the global norm")
struct GradientClipTests {
  private struct Golden: Decodable {
    struct Clip: Decodable {
      let total_norm: Double
      let a: [Double]
      let b: [Double]
    }
    struct Result: Decodable {
      let clip: Clip
      enum CodingKeys: String, CodingKey { case clip = "clip_global_norm_1.0" }
    }
    let result: Result
  }

  @Test(
    "torch.nn.utils.clip_grad_norm_([a, b], 1.0)")
  func clipping() throws {
    let golden = try GoldenVectors.read("optimizers", as: Golden.self).result.clip
    let problem = try OptimizationProblem([fill(1, [6], 1), fill(2, [4], 1)])
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
}
