import Foundation
import TextLMNN
import TextLMTestSupport
import Testing

@Suite("Schedules")
struct ScheduleTests {
  private struct Golden: Decodable {
    let nanogpt_cosine_warm2_total10_min0_1: [Double]
    let onecycle_max1_total10: [Double]
  }

  @Test(
    "nanoGPT's schedule")
  func cosine() throws {
    let expected = try GoldenVectors.read("lr_schedules", as: Golden.self)
      .nanogpt_cosine_warm2_total10_min0_1
    let schedule = Schedule.cosine(peak: 1, warmupSteps: 2, totalSteps: 10, floor: 0.1)
    expectClose((0..<10).map { schedule($0) }, expected, tolerance: 1e-12, "rates")
    #expect(schedule(10) == 0.1 && schedule(1_000_000) == 0.1)
  }

  @Test(
    "torch.optim.lr_scheduler.OneCycleLR(max_lr=1, total_steps=10)")
  func oneCycle() throws {
    let expected = try GoldenVectors.read("lr_schedules", as: Golden.self).onecycle_max1_total10
    let schedule = Schedule.oneCycle(peak: 1, totalSteps: 10)
    expectClose((0..<10).map { schedule($0) }, expected, tolerance: 1e-12, "rates")
    #expect(schedule(1_000_000) == schedule(9))
    // [o.param_groups[0]["momentum"] ...] of the same scheduler on SGD(momentum=0.9).
    expectClose(
      (0..<10).map { schedule.momentum($0) ?? .nan },
      [
        0.95, 0.9, 0.85, 0.854951556605, 0.868825509907, 0.888873953302, 0.911126046698,
        0.931174490093, 0.945048443395, 0.95,
      ], tolerance: 1e-12, "momentum")
    #expect(Schedule.constant(rate: 1).momentum(0) == nil)
  }

  @Test("One-cycle of any length stays between its ends", arguments: [1, 2, 3, 4, 1000])
  func oneCycleLengths(totalSteps: Int) {
    let schedule = Schedule.oneCycle(peak: 1, totalSteps: totalSteps)
    let rates = (0...totalSteps).map { schedule($0) }
    #expect(rates.allSatisfy { $0 > 0 && $0 <= 1 })
  }

  @Test("A straight line from the peak to the floor, after a rise")
  func linear() {
    let schedule = Schedule.linear(peak: 1, warmupSteps: 2, totalSteps: 6, floor: 0.2)
    expectClose(
      (0..<8).map { schedule($0) }, [1.0 / 3, 2.0 / 3, 1, 0.8, 0.6, 0.4, 0.2, 0.2],
      tolerance: 1e-12, "rates")
  }

  @Test("torch.optim.lr_scheduler.StepLR(step_size=3, gamma=0.5)")
  func stepDecay() {
    let schedule = Schedule.step(rate: 1, factor: 0.5, every: 3, start: 3)
    expectClose(
      (0..<10).map { schedule($0) }, [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125],
      tolerance: 1e-12, "rates")
  }

  /// At the end of an epoch e >= 10, counted from 1, char-rnn's train.lua multiplies by 0.97.
  @Test("char-rnn's decay from epoch 10")
  func charRNN() {
    let schedule = Schedule.step(rate: 2e-3, factor: 0.97, every: 1, start: 10)
    var rate = 2e-3
    for epoch in 1...50 {
      expectClose(schedule(epoch - 1), rate, tolerance: 1e-15, "epoch \(epoch)")
      if epoch >= 10 { rate *= 0.97 }
    }
  }

  @Test("torch.optim.lr_scheduler.CyclicLR(0.1, 1, step_size_up=4)")
  func cyclical() {
    let schedule = Schedule.cyclical(base: 0.1, peak: 1, halfCycle: 4)
    let cycle = [0.1, 0.325, 0.55, 0.775, 1.0, 0.775, 0.55, 0.325]
    expectClose((0..<16).map { schedule($0) }, cycle + cycle, tolerance: 1e-12, "rates")
  }

  /// ```python
  /// o = torch.optim.SGD([q], lr=1.0)
  /// s = torch.optim.lr_scheduler.ReduceLROnPlateau(o, factor=0.5, patience=2)
  /// for l in losses: s.step(l); print(o.param_groups[0]["lr"])
  /// ```
  @Test("torch.optim.lr_scheduler.ReduceLROnPlateau(factor=0.5, patience=2)")
  func plateau() {
    let losses = [3, 2, 2.5, 2.1, 1.9999, 1.99, 2, 2, 2, 2, 2, 2, 2, 1.5, 1.6, 1.6, 1.6, 1.6]
    let expected = [
      1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125, 0.125, 0.125, 0.125, 0.125, 0.0625,
      0.0625,
    ]
    let schedule = Schedule.plateau(rate: 1, factor: 0.5, patience: 2, floor: 0)
    var state = PlateauState()
    let rates = losses.map { loss in
      state.observe(loss, patience: 2)
      return schedule(0, plateau: state)
    }
    expectClose(rates, expected, tolerance: 1e-12, "rates")
    #expect(
      Schedule.plateau(rate: 1, factor: 0.5, patience: 2, floor: 0.3)(0, plateau: state) == 0.3)
    #expect(
      PlateauState(
        best: state.best, waitCount: state.waitCount, reductionCount: state.reductionCount) == state
    )
  }

  @Test(
    "A schedule survives being written down",
    arguments: [
      .constant(rate: 0.1),
      .cosine(peak: 2e-3, warmupSteps: 10, totalSteps: 100, floor: 2e-4),
      .linear(peak: 2e-3, warmupSteps: 10, totalSteps: 100, floor: 2e-4),
      .step(rate: 2e-3, factor: 0.97, every: 1, start: 10),
      .cyclical(base: 1e-4, peak: 1e-3, halfCycle: 100), .oneCycle(peak: 1, totalSteps: 10),
      .plateau(rate: 1, factor: 0.5, patience: 2, floor: 0.1),
    ] as [Schedule])
  func coding(schedule: Schedule) throws {
    let data = try JSONEncoder().encode(schedule)
    #expect(try JSONDecoder().decode(Schedule.self, from: data) == schedule)
  }
}
