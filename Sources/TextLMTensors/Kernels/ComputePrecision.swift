import CTextLMKernels

/// The number format in which matrix products take their operands.
///
/// Tensors hold float32 and sums are float32 whichever is chosen; bfloat16 keeps float32's range
/// with 8 bits of precision and is about twice as fast where the processor multiplies it in
/// hardware.
public enum ComputePrecision: String, Sendable, Codable, CaseIterable {
  /// 24 bits of precision.
  case float32
  /// 8 bits of precision, same range as float32.
  case bfloat16

  var kernelValue: tlm_precision {
    switch self {
    case .float32: TLM_FLOAT32
    case .bfloat16: TLM_BFLOAT16
    }
  }
}
