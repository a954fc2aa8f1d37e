import ArgumentParser
import TextLM

/// What text a prediction that is measured knows of.
struct ContextOptions: ParsableArguments {
  /// The ways of reading.
  enum Context: String, ExpressibleByArgument, CaseIterable {
    case carried
    case reset
    case sliding
  }

  @Option(
    help: ArgumentHelp(
      """
      How much text before a character the model knows: carried, which is the default, is all of its \
      document; reset is what stands in the same window of --context-length, as models without memory \
      are often measured; sliding is the last --context-length characters, at least half of them.
      """, valueName: "way"))
  var context: Context?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Characters of a window with --context reset or sliding, 256 by default.", valueName: "n"))
  var contextLength: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      A text that is read before each document and not measured: how likely is what comes, given it? A \
      backward model takes it for what stands behind.
      """, valueName: "text"))
  var condition: String?

  @Flag(
    help: """
      Read each document in one pass from its start. Otherwise long documents are read in \
      stretches side by side, each begun 512 characters early: many times faster, and equal to \
      about 0.0001 nats.
      """)
  var exact = false

  /// Whether anything but the whole of a document is asked for, or more than it.
  var isGiven: Bool { context != nil || condition != nil }

  func validate() throws {
    let isWindowed = context == .reset || context == .sliding
    if let contextLength {
      guard isWindowed else {
        throw ValidationError("--context-length is of --context reset or sliding: give one of them")
      }
      guard 1...1 << 24 ~= contextLength else {
        throw ValidationError(
          "--context-length is \(contextLength), but must be from 1 to \(1 << 24)")
      }
    }
    if isWindowed, let context {
      if exact {
        throw ValidationError(
          "--exact reads whole documents, and --context \(context.rawValue) does not: leave one out"
        )
      }
      if condition != nil {
        throw ValidationError(
          "--condition is forgotten with --context \(context.rawValue): leave one out")
      }
    }
    if let condition, condition.isEmpty {
      throw ValidationError("--condition is empty: leave it out")
    }
  }

  /// As the library has it.
  var scoring: ScoringContext {
    let length = contextLength ?? 256
    switch context ?? .carried {
    case .carried: return exact ? .exact : .standard
    case .reset: return .reset(length: length)
    case .sliding: return .sliding(length: length)
    }
  }

  /// What is read before each document.
  var before: UTF8Text? { condition.map { UTF8Text($0) } }

  /// For a signature.
  var summary: String {
    switch scoring {
    case .carried: exact ? "exact" : "carried"
    case .reset(let length): "reset-\(length)"
    case .sliding(let length): "sliding-\(length)"
    }
  }
}
