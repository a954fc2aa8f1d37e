import CTextLMKernels

/// The number format in which matrix products take their operands.
///
/// Tensors hold float32 whichever is chosen. bfloat16 keeps float32's range with 8 bits of precision
/// and is about twice as fast where the processor multiplies it in hardware. int16 is dynamic fixed
/// point (Das et al. 2018): up to 512 elements share a scale and keep 13 to 15 bits below it; about
/// half as fast again as float32 on any processor with vectors of integers.
public enum ComputePrecision: String, Sendable, Codable, CaseIterable {
  /// 24 bits of precision.
  case float32
  /// 8 bits of precision, same range as float32.
  case bfloat16
  /// 16 bits below the largest of up to 512 elements that are multiplied and summed together.
  case int16

  var kernelValue: tlm_precision {
    switch self {
    case .float32: TLM_FLOAT32
    case .bfloat16: TLM_BFLOAT16
    case .int16: TLM_INT16
    }
  }
}
