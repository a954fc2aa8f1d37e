import Foundation
import TextLM
import TextLMTestSupport
import Testing

@Suite("Training plans")
struct TrainingPlanTests {
  private func plan(
    _ horizon: LearningRatePlan.Horizon, warmup: Int = 0, floor: Double = 0.1,
    course: LearningRateCourse = .cosine
  ) -> LearningRatePlan {
    LearningRatePlan(
      peak: 1, floorRatio: floor, warmupSteps: warmup, course: course, horizon: horizon)
  }

  private struct Golden: Decodable {
    let nanogpt_cosine_warm2_total10_min0_1: [Double]
  }

  @Test("nanoGPT's curve")
  func golden() throws {
    let expected = try GoldenVectors.read("lr_schedules", as: Golden.self)
      .nanogpt_cosine_warm2_total10_min0_1
    let plan = plan(.steps(10), warmup: 2)
    let rates = (0..<10).map { plan.rate(at: .init(step: $0)) }
    expectClose(rates, expected, tolerance: 1e-12, "rates")
  }

  @Test("By time the rate is that of the part that has passed")
  func byTime() {
    let plan = plan(.seconds(100))
    func rate(_ seconds: Double, of usable: Double = 80, step: Int = 50) -> Double {
      plan.rate(at: .init(step: step, seconds: seconds, usableSeconds: usable))
    }
    // Half a cosine from 1 to 0.1, whose middle is 0.55.
    expectClose(rate(0), 1, tolerance: 1e-9, "start")
    expectClose(rate(40), 0.55, tolerance: 1e-5, "middle")
    expectClose(rate(80), 0.1, tolerance: 1e-9, "end")
    expectClose(rate(1000), 0.1, tolerance: 1e-9, "after the end")
    expectClose(rate(20), 0.1 + 0.45 * (1 + cos(.pi / 4)), tolerance: 1e-5, "a quarter")
    for (seconds, usable) in [(0, 0), (5, 0), (-1, 80), (0, -3), (1e300, 1e-300)] {
      #expect((0.1...1).contains(rate(Double(seconds), of: Double(usable))))
    }
    let warming = self.plan(.seconds(100), warmup: 9)
    expectClose(
      warming.rate(at: .init(step: 4, seconds: 40, usableSeconds: 80)), 0.5 * 0.55, tolerance: 1e-5,
      "while warming up")
  }

  @Test("Warming up leads to the peak, which a constant course keeps")
  func constant() {
    let plan = plan(.steps(100), warmup: 4, course: .constant)
    let rates = [0, 1, 2, 3, 4, 50, 99, 1000].map {
      plan.rate(at: .init(step: $0))
    }
    expectClose(rates, [0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1], tolerance: 1e-12, "rates")
  }

  @Test("Rates stay between nothing and the peak, whatever the numbers")
  func extremes() {
    let horizons: [LearningRatePlan.Horizon] = [
      .steps(0), .steps(1), .steps(2), .steps(.max), .seconds(0), .seconds(1e12),
    ]
    for horizon in horizons {
      for warmup in [0, 1, 5, Int.max] {
        for course in LearningRateCourse.standards {
          for step in [0, 1, 2, 1000, Int.max >> 1] {
            let rate = plan(horizon, warmup: warmup, course: course)
              .rate(at: .init(step: step, seconds: 3, usableSeconds: 5))
            #expect(rate >= 0 && rate <= 1, "\(horizon), warm-up \(warmup), step \(step)")
          }
        }
      }
    }
  }

  @Test("After warming up a cosine only falls")
  func falling() {
    let plan = plan(.steps(300), warmup: 10)
    let rates = (0..<320).map { plan.rate(at: .init(step: $0)) }
    #expect(rates.indices.max { rates[$0] < rates[$1] } == 10)
    for step in 11..<320 { #expect(rates[step] <= rates[step - 1]) }
    expectClose(rates[300], 0.1, tolerance: 1e-12, "floor")
  }

  /// The machine is measured each time, so only great differences mean anything.
  @Test("An automatic plan can be trained, whatever the text and the time")
  func automatic() throws {
    func check(_ characters: Int, _ seconds: Double) throws -> Int {
      let plan = AutomaticPlan(characterCount: characters, seconds: seconds)
      #expect(plan.mostEpochs.map { $0 > 0 } ?? true)
      #expect((1...256).contains(plan.batchSize) && (16...512).contains(plan.sequenceLength))
      #expect(plan.learningRate > 1e-4 && plan.learningRate < 0.1)
      #expect(!plan.explanation.isEmpty)
      let values = try Hyperparameters(
        written: plan.hyperparameters, known: LSTMArchitecture.hyperparameters,
        architecture: "lstm")
      return LSTMArchitecture(values).parameterCount(inputSize: 128)
    }
    let (tiny, little) = (try check(0, 1), try check(2_000, 300))
    let (middle, much) = (try check(1_000_000, 300), try check(1_000_000_000, 1e7))
    #expect(tiny <= little && little < middle && middle < much)
    #expect(try check(1_000_000, 3) < middle)
    _ = try check(Int.max / 8, 0)
  }
}
