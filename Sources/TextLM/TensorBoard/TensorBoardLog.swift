/// A run's curves in the files that TensorBoard reads.
///
/// Each start of a run writes a file of its own, which TensorBoard joins to those before: the file
/// begins by saying from which step on earlier ones no longer hold.
public struct TensorBoardLog: Sendable {
  /// The file that is written.
  public let path: String
  private let writer: RecordWriter

  /// Begins a file in a folder, which is created, as well as the one above it, where there is none.
  ///
  /// - Parameters:
  ///   - folder: Where TensorBoard looks for runs.
  ///   - runName: The folder in it, which is what TensorBoard calls the run.
  ///   - lastStep: The step after which the run goes on; 0 for a new one.
  public init(folder: String, runName: String, after lastStep: Int) throws {
    let outer = try Folder(creating: folder)
    let inner = try Folder(creating: outer.path(to: runName))
    try self.init(in: inner, after: lastStep, time: SystemCalls.secondsSince1970)
  }

  init(in folder: Folder, after lastStep: Int, time: Double) throws {
    // TensorBoard reads the files in the order of their names.
    let earlier = try SystemCalls.namesInFolder(folder.path).compactMap(Self.second)
    let second = max(Int(time), (earlier.max() ?? 0) + 1)
    let digits = String(second)
    let padding = String(repeating: "0", count: max(0, 10 - digits.count))
    path = folder.path(
      to: "\(Self.prefix)\(padding)\(digits).\(SystemCalls.hostName)."
        + "\(SystemCalls.processIdentifier).0")
    writer = try RecordWriter(creating: path)
    try writer.append(TensorBoardEvent(time: time, .fileVersion).record)
    // Steps from the given one on, it included, are void.
    try writer.append(
      TensorBoardEvent(time: time, step: lastStep > 0 ? lastStep + 1 : 0, .sessionStart).record)
  }

  /// Writes what happened, where it is something to show.
  public func append(_ event: TrainingEvent) throws {
    let time = SystemCalls.secondsSince1970
    switch event {
    case .step(let report, let clock):
      try append(
        time, report.step, ("train/loss", report.natsPerToken),
        ("train/learning_rate", report.learningRate), ("train/gradient_norm", report.gradientNorm),
        ("train/tokens_per_second", clock.tokensPerSecond), ("train/epoch", report.epoch))
    case .evaluation(let step, let evaluation, _, _):
      try append(
        time, step, ("validation/loss", evaluation.natsPerToken),
        ("validation/bits_per_character", evaluation.bitsPerCharacter),
        ("validation/perplexity", evaluation.perplexity))
    case .sample(let step, let text):
      try writer.append(
        TensorBoardEvent(time: time, step: step, .text(tag: "sample", text)).record)
    case .rollback(let rollback):
      try appendStart(time, after: rollback.step)
    case .measuring, .saved:
      break
    }
  }

  /// Writes what happened in the training of a classifier, where it is something to show.
  public func append(_ event: NeuralTrainingEvent) throws {
    let time = SystemCalls.secondsSince1970
    switch event {
    case .step(let step, let clock):
      try append(
        time, step.step, ("train/loss", step.loss), ("train/learning_rate", step.learningRate),
        ("train/gradient_norm", step.gradientNorm),
        ("train/tokens_per_second", clock.tokensPerSecond), ("train/epoch", step.epochs))
    case .evaluation(let epoch, _, _):
      try append(
        time, epoch.step, ("validation/loss", epoch.validation.nats),
        ("validation/accuracy", epoch.validation.accuracy))
    case .rollback(let step, _, _):
      try appendStart(time, after: step)
    case .begin:
      break
    }
  }

  /// Says that what was written of later steps is void: they are taken again.
  private func appendStart(_ time: Double, after step: Int) throws {
    try writer.append(TensorBoardEvent(time: time, step: step + 1, .sessionStart).record)
  }

  private func append(_ time: Double, _ step: Int, _ scalars: (String, Double)...) throws {
    let scalars = scalars.map { TensorBoardEvent.Scalar($0.0, $0.1) }
    try writer.append(TensorBoardEvent(time: time, step: step, .scalars(scalars)).record)
  }

  private static let prefix = "events.out.tfevents."

  /// The second in the name of an event file; nil for other files.
  private static func second(of name: String) -> Int? {
    guard name.utf8.starts(with: prefix.utf8) else { return nil }
    return name.dropFirst(prefix.count).split(separator: ".").first.flatMap { Int($0) }
  }
}

/// A file of records, each written with one call to the system.
private final class RecordWriter: Sendable {
  private let descriptor: Descriptor

  init(creating path: String) throws(StorageError) {
    descriptor = try Descriptor(opening: path, .append)
  }

  func append(_ record: [UInt8]) throws(StorageError) {
    try descriptor.write(record)
  }
}
