import ArgumentParser
import TextLM

/// `textlm bench model`: measures how fast this machine trains, writes and scores.
struct BenchModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Measure how fast this machine trains, writes and scores; the default.",
    discussion: """
      Without sizes, the standard ones are measured. The share is that of this machine's peak \
      multiply-add rate, measured first; operations that are saved do not count.
      """)

  @Option(help: "Architecture to measure, of which only width and layers are not standard.")
  var arch = "lstm"

  @Option(help: "Layers of the encoder.")
  var layers: Int?

  @Option(help: "Width of each layer and of the embedding.")
  var hiddenSize: Int?

  @Option(name: [.customShort("b"), .long], help: "Rows of a batch.")
  var batchSize = 64

  @Option(help: "Steps of a window.")
  var seqLength = 128

  @Option(help: "Tokens of the vocabulary.")
  var vocabulary = 65

  @Option(help: "Number format of the products in training.")
  var precision: PrecisionOption = .auto

  @Option(help: "Time for each figure.")
  var seconds = 3.0

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    for (name, value, range) in [
      ("--layers", layers ?? 1, 1...64), ("--hidden-size", hiddenSize ?? 1, 1...16384),
      ("--batch-size", batchSize, 1...65536), ("--seq-length", seqLength, 1...65536),
      ("--vocabulary", vocabulary, 3...1_000_000),
    ] where !range.contains(value) {
      throw ValidationError(
        "\(name) is \(value), but must be from \(range.lowerBound) to \(range.upperBound)")
    }
    if !(seconds > 0 && seconds <= 3600) {
      throw ValidationError("--seconds is \(seconds), but must be above 0 and at most 3600")
    }
  }

  func run() throws {
    try shared.apply()
    let peak = Engine.measurePeakGigaflops()
    shared.note(
      "\(arch), \(Engine.threadCount) threads, \(Engine.instructionSet.rawValue), "
        + "\(precision.resolved.rawValue), oneDNN \(Engine.oneDNNVersion), "
        + "peak \(Int(peak)) GFLOP/s")
    if shared.format == .text {
      try Console.standardOutput(
        "model      batch x length   trained chars/s   share   generated chars/s   scored chars/s\n"
      )
    }
    for benchmark in benchmarks {
      if shared.verbose {
        shared.note("measuring \(benchmark.layerCount) x \(benchmark.hiddenSize)")
      }
      try show(benchmark, try benchmark.measure(seconds: seconds), peak: peak)
    }
  }

  /// The one asked for, or the standard ones.
  private var benchmarks: [Benchmark] {
    if layers == nil && hiddenSize == nil {
      return Benchmark.standard(precision.resolved, architecture: arch)
    }
    return [
      Benchmark(
        architecture: arch, layerCount: layers ?? 2, hiddenSize: hiddenSize ?? 256,
        batchSize: batchSize,
        sequenceLength: seqLength, vocabularySize: vocabulary, precision: precision.resolved)
    ]
  }

  private func show(
    _ benchmark: Benchmark, _ result: Benchmark.Result, peak: Double
  ) throws {
    switch shared.format {
    case .json:
      let row: JSONValue = [
        "architecture": JSONValue(benchmark.architecture),
        "layers": JSONValue(benchmark.layerCount), "hidden_size": JSONValue(benchmark.hiddenSize),
        "batch_size": JSONValue(benchmark.batchSize),
        "sequence_length": JSONValue(benchmark.sequenceLength),
        "precision": JSONValue(benchmark.precision.rawValue),
        "threads": JSONValue(Engine.threadCount),
        "trained_per_second": JSONValue(result.trained),
        "training_gigaflops": JSONValue(result.trainingGigaflops),
        "peak_gigaflops": JSONValue(peak),
        "generated_per_second": JSONValue(result.generated),
        "scored_per_second": JSONValue(result.scored),
      ]
      try Console.standardOutput(row.text() + "\n")
    case .text:
      let cells = [
        ("\(benchmark.layerCount) x \(benchmark.hiddenSize)", 9),
        ("\(benchmark.batchSize) x \(benchmark.sequenceLength)", 16),
        (Numbers.grouped(Int(result.trained)), 18),
        ("\(Int(100 * result.trainingGigaflops / peak)) %", 8),
        (Numbers.grouped(Int(result.generated)), 20),
        (Numbers.grouped(Int(result.scored)), 17),
      ]
      let line = cells.map { text, width in
        String(repeating: " ", count: max(0, width - text.count)) + text
      }
      try Console.standardOutput(line.joined() + "\n")
    }
  }
}
