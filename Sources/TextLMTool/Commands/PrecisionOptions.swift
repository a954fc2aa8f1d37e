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

/// The option of commands that use a model, for which exactness is the default.
struct PrecisionOptions: ParsableArguments {
  @Option(
    help: """
      Number format of the products; auto takes the fastest that the processor has, which is \
      slightly less exact.
      """)
  var precision: PrecisionOption = .float32

  /// The format that was asked for.
  var resolved: ComputePrecision { precision.resolved }
}
