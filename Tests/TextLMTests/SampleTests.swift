import Foundation
import TextLM
import TextLMTensors
import Testing

@Suite("samples through training and the report")
struct SampleTests {
  private func settings(sampleLength: Int, steps: Int = 32) throws -> RunSettings {
    var settings = try SmallRuns.settings(steps: steps)
    settings.sampleLength = sampleLength
    return settings
  }

  @Test("a text at each evaluation, the same with the same seed, and training is undisturbed")
  func samples() throws {
    let folder = try StorageTestFolder()
    let (with, without) = (folder.path("with"), folder.path("without"))
    let result = try SmallRuns.train(settings(sampleLength: 30), in: with)
    try SmallRuns.train(settings(sampleLength: 0), in: without)
    let record = try RunRecord(contentsOf: with)
    #expect(record == result.record)
    #expect(record.samples.map(\.step) == [10, 20, 30, 32])
    #expect(record.samples.allSatisfy { $0.text.count <= 30 })
    #expect(record.samples.contains { $0.text.count == 30 })
    #expect(Set(record.samples.map(\.text)).count > 1)
    let plain = try RunRecord(contentsOf: without)
    #expect(plain.samples.isEmpty)
    #expect(plain.steps.map(\.natsPerToken) == record.steps.map(\.natsPerToken))
    #expect(plain.measurements.map(\.natsPerToken) == record.measurements.map(\.natsPerToken))
  }

  @Test("the best model's text is what it writes with the run's seed")
  func text() throws {
    let folder = try StorageTestFolder()
    let run = folder.path("run")
    try SmallRuns.train(settings(sampleLength: 30), in: run)
    let record = try RunRecord(contentsOf: run)
    let best = try #require(record.best)
    let model = try TextModel(contentsOf: run)
    let sampling = [try WordTemperature.standard(model.tokenizer.vocabulary)]
    let generator = model.generate(sampling: sampling, seed: 3)
    #expect(
      record.samples.first { $0.step == best.step }?.text == generator.prefix(30).joined())
  }

  @Test("a run that was stopped goes on to the same log", arguments: [5, 10, 25])
  func resumption(stop: Int) throws {
    let folder = try StorageTestFolder()
    let (whole, parts) = (folder.path("whole"), folder.path("parts"))
    try SmallRuns.train(settings(sampleLength: 20), in: whole)
    try SmallRuns.train(settings(sampleLength: 20), in: parts, stoppingAfter: stop)
    try SmallRuns.resume(parts)
    try RunFiles.expectEqual(whole, parts, "stopped after \(stop)")
  }

  @Test("the report has the curves, the texts, the card and the vocabulary, also after a stop")
  func report() throws {
    let folder = try StorageTestFolder()
    let run = folder.path("My run.textlm")
    try SmallRuns.train(settings(sampleLength: 40), in: run, stoppingAfter: 15)
    let stopped = try String(contentsOfFile: run + "/report.html", encoding: .utf8)
    #expect(stopped.contains("<p>15 steps"))
    try SmallRuns.resume(run)
    let page = try String(contentsOfFile: run + "/report.html", encoding: .utf8)
    for part in [
      "<title>My run</title>", "<h2>Diagnosis</h2>", "too few to learn", "Loss, nats per token",
      "Learning rate", "Gradient norm", "Tokens per second", "After step 32, validation",
      "<th>settings.batch_size</th><td>4</td>", "<td>LATIN SMALL LETTER E</td>",
    ] {
      #expect(page.contains(part), "\(part)")
    }
    for part in ["<script", "http://", "https://", "src=", "@import"] {
      #expect(!page.contains(part), "\(part)")
    }
  }

  @Test("what a hostile text has is shown in the report and not obeyed")
  func hostileReport() throws {
    let folder = try StorageTestFolder()
    let run = folder.path("run")
    let text = String(repeating: "<script>&'\"\u{1B}\u{202E}</pre>\u{7}", count: 60)
    let file = try SmallTexts.file(text, name: "<b>\u{1B}.txt")
    try SmallRuns.train(settings(sampleLength: 60), in: run, corpus: [file])
    let page = try String(contentsOfFile: run + "/report.html", encoding: .utf8)
    for part in ["<script", "\u{1B}", "\u{202E}", "\u{7}", "<b>"] { #expect(!page.contains(part)) }
    #expect(page.contains("&lt;b&gt;\u{241B}.txt"))
    // As many ends as beginnings: no text has ended an element.
    for name in ["pre", "table", "tr", "td", "p", "svg", "figure", "ul", "li"] {
      let count =
        page.components(separatedBy: "<\(name)>").count
        + page.components(separatedBy: "<\(name) ").count - 1
      #expect(count == page.components(separatedBy: "</\(name)>").count, "\(name)")
    }
  }
}
