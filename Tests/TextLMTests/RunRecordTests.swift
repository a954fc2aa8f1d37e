import TextLM
import TextLMTensors
import Testing

@Suite("the record of a run")
struct RunRecordTests {
  private func record(_ log: String) throws -> RunRecord {
    let folder = try StorageTestFolder()
    try folder.write(log, to: "log.jsonl")
    return try RunRecord(contentsOf: folder.path("log.jsonl"))
  }

  private func step(_ number: Int, _ nats: String = "2.5") -> String {
    """
    {"event":"step","step":\(number),"epoch":0.5,"train_nats":\(nats),"learning_rate":0.01,\
    "gradient_norm":1.5,"tokens_per_second":1000,"elapsed_seconds":\(number).25}\n
    """
  }

  private func evaluation(_ number: Int, _ nats: String) -> String {
    """
    {"event":"evaluation","step":\(number),"nats_per_token":\(nats),"is_best":true,\
    "elapsed_seconds":\(number).5}\n
    """
  }

  @Test("has the rows of the log; other events and a torn last line are passed over")
  func reading() throws {
    let log =
      step(1) + step(2, "2.25") + evaluation(2, "2.75") + #"{"event":"note","text":"x"}"# + "\n"
      + #"{"event":"sample","step":2,"text":"a\nb"}"# + "\n" + step(3).dropLast(20)
    let record = try record(log)
    #expect(record.steps.map(\.step) == [1, 2])
    #expect(
      record.steps.last
        == RunRecord.Step(
          step: 2, epoch: 0.5, natsPerToken: 2.25, learningRate: 0.01, gradientNorm: 1.5,
          tokensPerSecond: 1000, elapsedSeconds: 2.25))
    #expect(
      record.measurements
        == [RunRecord.Measurement(step: 2, natsPerToken: 2.75, isBest: true, elapsedSeconds: 2.5)])
    #expect(record.samples == [RunRecord.Sample(step: 2, text: "a\nb")])
  }

  @Test("keeps what was done last where a run went back")
  func goingBack() throws {
    let log =
      step(1) + step(2) + evaluation(2, "2.5") + step(3, "null") + evaluation(3, "null")
      + #"{"event":"rollback","step":2,"failed_step":4}"# + "\n"
      + step(3, "2.125") + evaluation(3, "2.0625")
    let record = try record(log)
    #expect(record.steps.map(\.step) == [1, 2, 3])
    #expect(record.measurements.map(\.natsPerToken) == [2.5, 2.0625])
    #expect(record.rollbacks == [4])
    #expect(record.best?.step == 3)
  }

  @Test("a number that is missing is not shown, and is never the best")
  func missing() throws {
    let record = try record(
      step(1) + step(2, "null") + evaluation(1, "2") + evaluation(2, "null"))
    #expect(record.points(of: .loss) == [PlotPoint(1, 2.5)])
    #expect(record.points(of: .norm).count == 2)
    #expect(record.validationPoints() == [PlotPoint(1, 2)])
    #expect(record.best?.step == 1)
  }

  @Test("curves over steps, epochs and seconds")
  func axes() throws {
    let record = try record(step(4) + evaluation(4, "2") + evaluation(5, "1.5"))
    #expect(record.points(of: .rate, over: .epochs) == [PlotPoint(0.5, 0.01)])
    #expect(record.points(of: .speed, over: .seconds) == [PlotPoint(4.25, 1000)])
    #expect(
      record.validationPoints(over: .epochs) == [PlotPoint(0.5, 2), PlotPoint(0.5, 1.5)])
  }

  @Test("a row without its step is refused with its place; so is what is no log")
  func refusals() throws {
    let error = #expect(throws: JSONFieldError.self) {
      try record(step(1) + #"{"event":"step"}"# + "\n")
    }
    #expect("\(try #require(error))".contains("log.jsonl, line 2.step"))
    #expect(throws: StorageError.self) { try record("nonsense\n") }
    #expect(throws: StorageError.self) { try RunRecord(contentsOf: "nowhere/at/all") }
  }

  @Test("smoothing keeps constants and slopes; thinning keeps both ends")
  func smoothing() {
    let slope = (0..<50).map { PlotPoint(Double($0), 2 * Double($0)) }
    let smooth = slope.smoothed(reach: 4)
    #expect(smooth.map(\.x) == slope.map(\.x))
    // The mean of a slope around its middle is the middle; at the ends, of what there is.
    #expect(smooth[4..<46].map(\.y) == slope[4..<46].map(\.y))
    // 0, 2, 4, 6 and 8.
    #expect(smooth[0].y == 4)
    #expect(slope.smoothed(reach: 0) == slope)
    let thin = slope.thinned(to: 7)
    #expect(thin.count == 7 && thin.first == slope.first && thin.last == slope.last)
    #expect(slope.thinned(to: 50) == slope)
  }
}
