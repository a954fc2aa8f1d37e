import TextLM
import Testing

@Suite("diagnosis")
struct DiagnosisTests {
  /// A run of 40 steps an epoch, measured every 20 steps, with losses given by the epoch.
  private func record(
    epochs: Int, training: (Double) -> Double, validation: (Double) -> Double,
    stepsPerEpoch: Int = 40
  ) -> RunRecord {
    var record = RunRecord()
    for step in 1...epochs * 40 {
      let epoch = Double(step) / Double(stepsPerEpoch)
      record.add(
        RunRecord.Step(
          step: step, epoch: epoch, natsPerToken: training(epoch), learningRate: 0.004,
          gradientNorm: 1, tokensPerSecond: 1, elapsedSeconds: Double(step)))
      if step.isMultiple(of: 20) {
        record.add(
          RunRecord.Measurement(
            step: step, natsPerToken: validation(epoch), isBest: false,
            elapsedSeconds: Double(step)))
      }
    }
    return record
  }

  @Test("learning by heart: validation rises after its best while training falls")
  func overfitting() {
    // Least at epoch 6, where it is 1.5.
    let record = record(
      epochs: 10, training: { 2 - 0.1 * $0 },
      validation: { 1.5 + 0.02 * abs($0 - 6) })
    let diagnosis = Diagnosis(
      record, Diagnosis.Circumstances(dropout: .init(option: "--dropout", rate: 0.2)))
    guard
      case .overfitting(let epoch, let best, let last, let then, let now)? =
        diagnosis.findings.first, diagnosis.findings.count == 1
    else {
      Issue.record("\(diagnosis.findings)")
      return
    }
    #expect(epoch == 6 && best == 1.5 && abs(last - 1.58) < 1e-9)
    // Means over a twentieth of the run, half an epoch, which lie a quarter behind its end.
    #expect(abs(then - (2 - 0.1 * 5.75)) < 0.01 && abs(now - (2 - 0.1 * 9.75)) < 0.01)
    #expect(
      diagnosis.sentences == [
        "validation rose after epoch 6.0, from 1.500 to 1.580, while training fell from "
          + "\(text(then)) to \(text(now)): the model learns the text by heart; try --dropout "
          + "0.4, more text, or fewer epochs. The best model was kept"
      ])
    // Where there is no dropout to set, or no more to gain by it, it is not advised.
    for rate in [nil, 0.6] {
      let dropout = rate.map { Diagnosis.Circumstances.Dropout(option: "--dropout", rate: $0) }
      #expect(!Diagnosis(record, .init(dropout: dropout)).sentences[0].contains("--dropout"))
    }
    // With one layer it is the output whose units can be dropped.
    let single = Diagnosis(record, .init(dropout: .init(option: "--output-dropout", rate: 0.3)))
    #expect(single.sentences[0].contains("try --output-dropout 0.5, more text"))
    // What was measured on the text it learned from says nothing about other text.
    #expect(Diagnosis(record, .init(isHeldOut: false)).findings.isEmpty)
  }

  /// Three digits behind the point.
  private func text(_ value: Double) -> String {
    let thousandths = Int((value * 1000).rounded())
    let rest = String(thousandths % 1000)
    return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
  }

  private func isOverfitting(_ record: RunRecord) -> Bool {
    Diagnosis(record).findings.contains { if case .overfitting = $0 { true } else { false } }
  }

  @Test("no finding for a rise within the noise, or one that training shares")
  func noise() {
    let wobble = record(
      epochs: 10, training: { _ in 1.4 }, validation: { $0 > 9.7 ? 1.502 : 1.5 })
    #expect(
      !isOverfitting(wobble))
    let both = record(
      epochs: 10, training: { $0 > 5 ? 1.45 : 1.4 }, validation: { $0 > 5 ? 1.55 : 1.5 })
    #expect(
      !isOverfitting(both))
  }

  @Test("too short, in steps or in epochs")
  func tooShort() {
    let short = record(epochs: 1, training: { 4 - $0 }, validation: { 4 - $0 })
    #expect(Diagnosis(short).findings == [.tooShort(steps: 40, epochs: 1)])
    #expect(Diagnosis(short).sentences[0].contains("40 steps, 1.0 epochs, are too few"))
    #expect(Diagnosis(RunRecord()).findings.isEmpty)
  }

  @Test("still falling at the end, by how much and in which time")
  func stillFalling() {
    // 0.1 an epoch: over the last quarter of 8 epochs, a fall of 0.2.
    let record = record(
      epochs: 8, training: { 2.2 - 0.1 * $0 }, validation: { 2.3 - 0.1 * $0 })
    guard case .stillFalling(let fall, let epochs)? = Diagnosis(record).findings.first else {
      Issue.record("\(Diagnosis(record).findings)")
      return
    }
    #expect(abs(fall - 0.2) < 1e-9 && abs(epochs - 2) < 1e-9)
    #expect(Diagnosis(record).sentences[0].contains("by 0.200 over the last 2.0 epochs"))
    #expect(Diagnosis(record).sentences[0].hasSuffix("(--budget, --epochs)"))
    // More time is of no use where the epochs were bounded, or where patience ended the run.
    #expect(Diagnosis(record, .init(end: .epochs)).sentences[0].hasSuffix("learning (--epochs)"))
    #expect(!Diagnosis(record, .init(end: .patience)).sentences[0].contains("longer training"))
  }

  @Test("a wide gap, none, and one as it should be")
  func gaps() {
    let wide = record(epochs: 8, training: { _ in 1 }, validation: { _ in 1.5 })
    #expect(Diagnosis(wide).findings == [.wideGap(training: 1, validation: 1.5)])
    let none = record(epochs: 8, training: { _ in 2 }, validation: { _ in 2 })
    #expect(Diagnosis(none).findings == [.underfitting(training: 2, validation: 2)])
    // Where training is made harder than use, or has seen nothing twice, that losses are alike says
    // nothing.
    #expect(
      Diagnosis(none, .init(isTrainingHindered: true)).findings
        == [.sound(training: 2, validation: 2)])
    let once = self.record(
      epochs: 2, training: { _ in 2 }, validation: { _ in 2 }, stepsPerEpoch: 80)
    #expect(Diagnosis(once).findings == [.sound(training: 2, validation: 2)])
    let sound = record(epochs: 8, training: { _ in 1.375 }, validation: { _ in 1.5 })
    #expect(Diagnosis(sound).findings == [.sound(training: 1.375, validation: 1.5)])
  }

  @Test("divergence: the loss rises far above its least, or is no number")
  func divergence() {
    let risen = record(
      epochs: 8, training: { $0 < 4 ? 3 - 0.25 * $0 : 6 }, validation: { _ in 3 })
    guard case .diverged(let step, let least, let last, 0.004)? = Diagnosis(risen).findings.first
    else {
      Issue.record("\(Diagnosis(risen).findings)")
      return
    }
    #expect((150...160).contains(step) && abs(least - 2) < 0.05 && last == 6)
    #expect(Diagnosis(risen).sentences[0].contains("--lr 0.001"))
    let lost = record(
      epochs: 8, training: { $0 < 4 ? 2 : .nan }, validation: { $0 < 4 ? 2 : .nan })
    #expect(Diagnosis(lost).sentences[0].contains("from 2.000 near step"))
    #expect(Diagnosis(lost).sentences[0].contains("to what is not a number"))
  }

  @Test("going back to an earlier state is told beside the rest")
  func rollbacks() {
    var record = record(epochs: 8, training: { _ in 2 }, validation: { _ in 2 })
    record.addRollback(atStep: 30)
    record.addRollback(atStep: 50)
    #expect(Diagnosis(record).findings.first == .rolledBack(count: 2, firstStep: 30))
    #expect(Diagnosis(record).findings.count == 2)
    #expect(Diagnosis(record).sentences[0].hasPrefix("the loss exploded 2 times, first at step 30"))
  }
}
