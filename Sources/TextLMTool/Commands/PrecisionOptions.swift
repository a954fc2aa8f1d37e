import ArgumentParser
import TextLM

/// The number format of matrix products, as asked for.
enum PrecisionOption: String, ExpressibleByArgument, CaseIterable {
  case auto
  case float32
  case bfloat16
  case int16

  /// `auto` takes the fastest.
  var resolved: ComputePrecision {
    switch self {
    case .auto: Engine.fastestPrecision
    case .float32: .float32
    case .bfloat16: .bfloat16
    case .int16: .int16
    }
  }
}

/// The number format of commands that use a model.
struct PrecisionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Number format of the products. The default is float32 to write fewer than 8 texts at once; \
      to write more and to measure texts, int16, which agrees with float32 to a millionth, where \
      the processor has vectors of integers. auto is the fastest, which is bfloat16 where the \
      processor has it: less exact.
      """, valueName: "format"))
  var precision: PrecisionOption?

  /// The format to write so many texts in, side by side: single rows are no faster in integers.
  func forWriting(_ count: Int = 1) -> ComputePrecision {
    precision?.resolved ?? (count < 8 ? .float32 : Engine.evaluationPrecision)
  }

  /// The format to measure in.
  var forMeasuring: ComputePrecision { precision?.resolved ?? Engine.evaluationPrecision }
}
