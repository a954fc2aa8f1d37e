import Foundation
import Testing
import TextLM
import TextLMTensors

@Suite("a run's folder")
struct RunFolderTests {
  private func folder() throws -> ToolFolder {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 6000), to: "corpus.txt")
    return folder
  }

  private func train(
    _ folder: ToolFolder, _ arguments: String..., prelude: String = ":", wrapper: [String] = []
  ) async throws -> ToolResult {
    try await folder.run(
      ["train", "corpus.txt"] + ToolModel.small + arguments, prelude: prelude, wrapper: wrapper)
  }

  @Test("that holds a run is refused without --resume or --overwrite, and untouched")
  func exists() async throws {
    let folder = try folder()
    #expect(try await train(folder, "--max-steps", "4").exitCode == 0)
    let before = try folder.names(in: "model.textlm").map { try folder.bytes("model.textlm/\($0)") }
    let result = try await train(folder, "--max-steps", "4")
    #expect(result.exitCode == 64)
    #expect(
      result.errorLines.last == """
        textlm: error: model.textlm already holds a training run: go on with --resume, replace \
        it with --overwrite, or choose another folder with -o
        """)
    #expect(
      try folder.names(in: "model.textlm").map { try folder.bytes("model.textlm/\($0)") } == before)

    try folder.write("mine", to: "model.textlm/notes.txt")
    #expect(try await train(folder, "--max-steps", "2", "--overwrite").exitCode == 0)
    #expect(try jsonLines(folder.text("model.textlm/log.jsonl")).count == 4)
    #expect(try folder.text("model.textlm/notes.txt") == "mine")
  }

  @Test("--resume takes the run's own options again, and refuses others")
  func fixedOptions() async throws {
    let folder = try folder()
    let own = ["--max-steps", "4", "--seed", "5", "--schedule", "constant", "--min-count", "2"]
    #expect(
      try await folder.run(["train", "corpus.txt"] + ToolModel.small + own).exitCode == 0)
    let again = try await folder.run(
      ["train", "corpus.txt", "--resume"] + ToolModel.small + own)
    #expect(again.exitCode == 0, "\(again.errors)")
    for (option, value, stored) in [
      ("--layers", "2", "1"), ("--hidden-size", "25", "24"), ("--embedding-size", "5", "24"),
      ("--dropout", "0.5", "0"), ("--batch-size", "9", "8"), ("--seq-length", "17", "16"),
      ("--lr", "0.5", "0.01"), ("--warmup-steps", "3", "0"), ("--weight-decay", "0.5", "0.01"),
      ("--grad-clip", "2", "1"), ("--normalize", "nfd", "nfc"), ("--min-count", "3", "2"),
      ("--max-vocabulary", "30", "none"), ("--split", "streams", "tail"), ("--seed", "6", "5"),
      ("--validation-fraction", "0.5", "0.1"), ("--eval-every", "1", "none"),
      ("--save-every", "1", "none"), ("--sample-length", "100", "200"),
    ] {
      let result = try await folder.run("train", "corpus.txt", "--resume", option, value)
      #expect(result.exitCode == 64, "\(option)")
      #expect(
        result.errors.contains(
          try Regex(
            "textlm: error: \(option) is \(value), but the run began with \(stored)(.0)?, which")),
        "\(result.errors)")
    }
    let other = try await folder.run("train", "corpus.txt", "--resume", "--tied")
    #expect(other.errors.contains("--tied is given, but the run began with it off"))
    let silent = try await folder.run("train", "corpus.txt", "--resume", "--no-samples")
    #expect(silent.errors.contains("--no-samples is given, but the run began with 200"))
  }

  @Test("--resume to a later end, with another text, or with no run")
  func resume() async throws {
    let folder = try folder()
    #expect(try await train(folder, "--max-steps", "4").exitCode == 0)
    let longer = try await folder.run(
      "train", "corpus.txt", "--resume", "--max-steps", "6", "--format", "json", "-q")
    #expect(try jsonLines(longer.output).first?.int("steps") == 6)
    #expect(
      try jsonLines(folder.text("model.textlm/log.jsonl"))
        .filter { try $0.string("event") == "step" }.map { try $0.int("step") } == Array(1...6))

    try folder.write("another text altogether", to: "other.txt")
    let other = try await folder.run("train", "other.txt", "--resume")
    #expect(other.exitCode == 65)
    #expect(
      other.errors.contains(
        "was trained on corpus.txt and cannot go on with other.txt: give the same"))

    let none = try await folder.run("train", "corpus.txt", "--resume", "-o", "nowhere")
    #expect(none.exitCode == 64)
    #expect(none.errors.contains("nowhere holds no training run to go on with"))
    #expect(!folder.contains("nowhere"))
  }

  @Test("a damaged state: the one before it goes on, with a warning; without one, 65")
  func damagedState() async throws {
    let folder = try folder()
    #expect(
      try await train(folder, "--max-steps", "6", "--eval-every", "3").exitCode == 0)
    let whole = try folder.bytes("model.textlm/state.safetensors")
    try folder.write(whole.dropLast(10), to: "model.textlm/state.safetensors")
    let result = try await folder.run("train", "corpus.txt", "--resume", "--format", "json")
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.errors.contains("going on from the state before it"))
    #expect(try jsonLines(result.output).first?.int("steps") == 6)

    for name in ["state.safetensors", "state.safetensors.previous"] {
      try folder.write("nonsense and more of it", to: "model.textlm/\(name)")
    }
    let refused = try await folder.run("train", "corpus.txt", "--resume")
    #expect(refused.exitCode == 65)
    #expect(refused.errors.contains("state.safetensors: "))
    #expect(try await folder.run("generate", "-n", "3").exitCode == 0)
  }

  @Test("in use by another training: 75 at once, and free when that one is killed")
  func locked() async throws {
    let folder = try folder()
    let first = try folder.start(
      ["train", "corpus.txt", "--max-steps", "10000000", "-v"] + ToolModel.small)
    #expect(try await first.waitUntil { first.errorsSoFar.contains("\nstep 2 ") })
    for arguments in [[], ["--overwrite"]] {
      let second = try await folder.run(
        ["train", "corpus.txt", "--max-steps", "3"] + ToolModel.small + arguments)
      #expect(second.exitCode == 75)
      #expect(
        second.errors.contains("model.textlm: in use by process \(first.process) on "),
        "\(second.errors)")
      #expect(second.errors.contains("choose another folder with -o"))
    }
    first.send(SIGKILL)
    #expect(try await first.wait().signal == SIGKILL)
    let next = try await train(folder, "--max-steps", "3", "--overwrite")
    #expect(next.exitCode == 0, "\(next.errors)")
  }

  @Test("that cannot be made or written: 74, before training")
  func noFolder() async throws {
    let folder = try folder()
    let nested = try await train(folder, "-o", "nowhere/model.textlm")
    #expect(nested.exitCode == 74)
    #expect(nested.errors.contains("nowhere/model.textlm: creating the folder failed: No such"))
    try folder.write("a file", to: "file")
    let file = try await train(folder, "-o", "file")
    #expect(file.exitCode == 74)
    #expect(file.errors.contains("file: is not a folder; choose another name"))
    #expect(try folder.text("file") == "a file")
    let long = try await train(folder, "-o", String(repeating: "x", count: 300))
    #expect(long.exitCode == 74)
    #expect(long.errors.contains("choose a shorter name"))
  }

  @Test(
    "read-only: 74, before training",
    .enabled(if: Unprivileged.isPossible, "needs setpriv when run as root"))
  func readOnly() async throws {
    let folder = try folder()
    for name in ["closed", "closed/model.textlm"] {
      mkdir(folder.path(name), 0o555)
    }
    for name in ["closed/new.textlm", "closed/model.textlm"] {
      let result = try await train(folder, "-o", name, wrapper: Unprivileged.wrapper)
      #expect(result.exitCode == 74)
      #expect(
        result.errors.contains("Permission denied; check the permissions"), "\(result.errors)")
      #expect(!result.errors.contains("step 1"))
    }
    chmod(folder.path("closed"), 0o755)
  }

  @Test("on a disk that is full: 74; what was saved before stays, and no half-written file")
  func fullDisk() async throws {
    let folder = try folder()
    #expect(try await train(folder, "--max-steps", "4").exitCode == 0)
    let state = try folder.bytes("model.textlm/state.safetensors")
    // In blocks of 512 bytes: less than the state needs, more than the log.
    let blocks = state.count / 1024
    let full = try await train(
      folder, "--max-steps", "8", "--resume", prelude: "ulimit -f \(blocks)")
    #expect(full.exitCode == 74, "\(full)")
    #expect(full.errors.contains("File too large; the limit on file sizes is too low"))
    #expect(try folder.bytes("model.textlm/state.safetensors") == state)
    #expect(try folder.names(in: "model.textlm").filter { $0.hasPrefix(".tmp") } == [])
    let rest = try await train(folder, "--max-steps", "8", "--resume")
    #expect(rest.exitCode == 0, "\(rest.errors)")
    #expect(try await folder.run("generate", "-n", "3").exitCode == 0)
  }

  @Test(
    "results on a full disk: 74",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"))
  func fullOutput() async throws {
    let folder = try await ToolModel.folder()
    for command in [["generate"], ["score", "corpus.txt"], ["inspect"]] {
      let result = try await folder.run(command, prelude: "exec > /dev/full")
      #expect(result.exitCode == 74)
      #expect(
        result.errors.contains(
          "textlm: error: standard output: writing failed: No space left on device; free some"))
    }
  }

  @Test("a training that diverges: 65, what to try, and the model so far can be used")
  func diverging() async throws {
    let folder = try folder()
    let result = try await folder.run(
      "train", "corpus.txt", "--layers", "1", "--hidden-size", "24", "--batch-size", "8",
      "--seq-length", "16", "-t", "1", "--max-steps", "200", "--lr", "1e6", "--grad-clip", "0",
      "--warmup-steps", "0")
    #expect(result.exitCode == 65)
    #expect(
      result.errors.contains(#/textlm: error: the training diverges: 5 times it went back/#),
      "\(result.errors)")
    #expect(
      result.errors.contains(#/step \d+ diverged at learning rate [\d.e+]+: going on from step/#))
    #expect(
      result.errors.contains("the best model so far is kept; begin a new run with a smaller --lr"))
    #expect(folder.contains("model.textlm/state.safetensors"))
    #expect(try await folder.run("generate", "-n", "3").exitCode == 0)
  }

  @Test(
    "sizes beyond the machine's memory: 65 at once, before anything is allocated",
    arguments: [
      ["--hidden-size", "16384", "--layers", "64"],
      ["--hidden-size", "16384", "--layers", "64", "--dry-run"],
      ["--hidden-size", "16384", "--layers", "64", "--embedding-size", "16384", "--tied"],
    ])
  func tooLarge(sizes: [String]) async throws {
    let folder = try folder()
    let result = try await folder.run(["train", "corpus.txt", "--max-steps", "3"] + sizes)
    #expect(result.exitCode == 65)
    #expect(
      result.errors.contains(
        #/a model of \d+ parameters needs about \d+ MiB here, of which \d+ MiB are free: choose/#))
    #expect(result.seconds < 20)
    #expect(try folder.names() == ["corpus.txt"])
  }
}
