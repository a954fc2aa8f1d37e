import Foundation
import TextLM
import Testing

@Suite("plot")
struct PlotCommandTests {
  /// Two made-up runs, one of which has not been measured.
  private func folder() throws -> ToolFolder {
    let folder = try ToolFolder()
    for (name, floor, isMeasured) in [("one.textlm", 1.0, true), ("two.textlm", 1.5, false)] {
      try FileManager.default.createDirectory(
        atPath: folder.path(name), withIntermediateDirectories: false)
      var log = ""
      for step in 1...40 {
        let nats = floor + 3 / Double(step)
        log += """
          {"event":"step","step":\(step),"epoch":\(Double(step) / 20),"train_nats":\(nats),\
          "learning_rate":0.01,"gradient_norm":0.5,"tokens_per_second":900,\
          "elapsed_seconds":\(step)}\n
          """
        if isMeasured, step.isMultiple(of: 10) {
          log += """
            {"event":"evaluation","step":\(step),"nats_per_token":\(nats + 0.25),\
            "is_best":true,"elapsed_seconds":\(step)}\n
            """
        }
      }
      try folder.write(log, to: "\(name)/log.jsonl")
    }
    return folder
  }

  @Test("shows training and validation of one run, 80 columns wide where there is no terminal")
  func one() async throws {
    let result = try await folder().run("plot", "one.textlm")
    #expect(result.exitCode == 0 && result.errors.isEmpty)
    #expect(result.lines.first == "Loss, nats per token")
    #expect(result.lines.last == "     ⠒⠒ training  ○ validation")
    #expect(result.lines.count == 20)
    for line in result.lines { #expect(line.count <= 80) }
  }

  @Test("overlays runs by name; the loss of one that was not measured is that of training")
  func several() async throws {
    let folder = try folder()
    let result = try await folder.run("plot", "one.textlm", "two.textlm/log.jsonl")
    #expect(result.lines.last?.hasSuffix("● one  ○ two (training)") == true, "\(result.output)")
    let same = try await folder.run("plot", "one.textlm", "./one.textlm")
    #expect(same.lines.last?.hasSuffix("● one.textlm  ○ ./one.textlm") == true)
    let verbose = try await folder.run("plot", "one.textlm", "two.textlm", "-v")
    // The last loss of training, 1 + 3/40, and a quarter.
    #expect(
      verbose.errorLines == [
        "one: best validation 1.3250 nats per token after step 40, 40s", "two: not measured yet",
      ])
  }

  @Test(
    "--metric and --over choose what is shown",
    arguments: [
      ("rate", "steps", "Learning rate"), ("norm", "epochs", "Gradient norm before clipping"),
      ("speed", "seconds", "Tokens per second"), ("loss", "epochs", "Loss, nats per token"),
    ])
  func metrics(metric: String, axis: String, title: String) async throws {
    let result = try await folder().run(
      "plot", "one.textlm", "--metric", metric, "--over", axis, "--width", "50", "--height", "5")
    #expect(result.lines.first == title)
    #expect(result.lines.count == 9)
    for line in result.lines { #expect(line.count <= 50) }
    #expect(result.lines.contains { $0.hasSuffix(" \(axis)") })
  }

  @Test("writes a picture and a page")
  func files() async throws {
    let folder = try folder()
    let picture = try await folder.run(
      "plot", "one.textlm", "two.textlm", "-o", "a.svg", "--width", "600", "--height", "200")
    #expect(picture.exitCode == 0 && picture.output.isEmpty)
    #expect(picture.errors == "written to a.svg\n")
    #expect(try folder.text("a.svg").contains("viewBox=\"0 0 600 200\""))
    #expect(try await folder.run("plot", "one.textlm", "-o", "a.html", "-q").errors.isEmpty)
    let page = try folder.text("a.html")
    for title in RunMetric.allCases.map(\.title) { #expect(page.contains(">\(title)</text>")) }
    let kept = try await folder.run("plot", "one.textlm", "-o", "a.html", "--metric", "norm")
    #expect(kept.exitCode == 64 && kept.errors.contains("a.html: is there already"))
    #expect(try folder.text("a.html") == page)
    _ = try await folder.run(
      "plot", "one.textlm", "-o", "a.html", "--metric", "norm", "--overwrite")
    #expect(try !folder.text("a.html").contains("Loss"))
  }

  @Test("--format json gives every point of every curve")
  func json() async throws {
    let result = try await folder().run(
      "plot", "one.textlm", "two.textlm", "--format", "json", "--over", "seconds")
    let rows = try jsonLines(result.output)
    #expect(try rows.map { try $0.string("run") } == ["one", "one", "two", "two"])
    #expect(
      try rows.map { try $0.string("curve") }
        == ["training", "validation", "training", "validation"])
    #expect(try rows.map { try $0.field("points").elements().count } == [40, 4, 40, 0])
    let last = try #require(try rows[1].field("points").elements().last)
    #expect(try last.elements().map { try $0.double() } == [40, 1 + 3.0 / 40 + 0.25])
  }

  @Test(
    "wrong arguments and damaged runs are refused with what to do",
    arguments: [
      (["one.textlm", "-o", "a.png"], 64, "--output is a.png, but must end with .svg or .html"),
      (["one.textlm", "--width", "3"], 64, "--width is 3, but must be from 30 to 10000"),
      (["one.textlm", "-o", "a.html", "--width", "300"], 64, "leave --width and --height away"),
      (["one.textlm", "-o", "a.svg", "--format", "json"], 64, "leave -o away"),
      (["one.textlm", "--format", "json", "--width", "80"], 64, "leave --width and"),
      (["one.textlm", "--metric", "x"], 64, "x"), (["none.textlm"], 74, "none.textlm"),
      (["broken.jsonl"], 65, "broken.jsonl, line 1"),
    ])
  func refusals(arguments: [String], exitCode: Int32, message: String) async throws {
    let folder = try folder()
    try folder.write("{]\n", to: "broken.jsonl")
    let result = try await folder.run(["plot"] + arguments)
    #expect(result.exitCode == exitCode)
    #expect(result.errors.contains(message), "\(result.errors)")
  }
}
