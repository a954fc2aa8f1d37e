/// The element types of the safetensors format, in the format's order of increasing alignment.
///
/// textlm computes with `float32`, and keeps counters in the integer types it can read back; the
/// others are known so that a file which holds them can be listed and its sizes checked.
public enum SafetensorsDType: String, CaseIterable, Sendable {
  /// One byte, 0 or 1.
  case bool = "BOOL"
  /// 4-bit float.
  case float4 = "F4"
  /// 6-bit float with 2 exponent bits.
  case float6E2M3 = "F6_E2M3"
  /// 6-bit float with 3 exponent bits.
  case float6E3M2 = "F6_E3M2"
  /// 8-bit unsigned integer.
  case uint8 = "U8"
  /// 8-bit signed integer.
  case int8 = "I8"
  /// 8-bit float with 5 exponent bits.
  case float8E5M2 = "F8_E5M2"
  /// 8-bit float with 4 exponent bits.
  case float8E4M3 = "F8_E4M3"
  /// 8-bit scale: exponent only.
  case float8E8M0 = "F8_E8M0"
  /// 8-bit float with 4 exponent bits, no infinities and no negative zero.
  case float8E4M3FNUZ = "F8_E4M3FNUZ"
  /// 8-bit float with 5 exponent bits, no infinities and no negative zero.
  case float8E5M2FNUZ = "F8_E5M2FNUZ"
  /// 16-bit signed integer.
  case int16 = "I16"
  /// 16-bit unsigned integer.
  case uint16 = "U16"
  /// IEEE half.
  case float16 = "F16"
  /// The upper half of a float32.
  case bfloat16 = "BF16"
  /// 32-bit signed integer.
  case int32 = "I32"
  /// 32-bit unsigned integer.
  case uint32 = "U32"
  /// IEEE single.
  case float32 = "F32"
  /// Two float32: real and imaginary part.
  case complex64 = "C64"
  /// IEEE double.
  case float64 = "F64"
  /// 64-bit signed integer.
  case int64 = "I64"
  /// 64-bit unsigned integer.
  case uint64 = "U64"

  /// Bits of one element.
  public var bitWidth: Int {
    switch self {
    case .float4: 4
    case .float6E2M3, .float6E3M2: 6
    case .bool, .uint8, .int8, .float8E5M2, .float8E4M3, .float8E8M0, .float8E4M3FNUZ,
      .float8E5M2FNUZ:
      8
    case .int16, .uint16, .float16, .bfloat16: 16
    case .int32, .uint32, .float32: 32
    case .complex64, .float64, .int64, .uint64: 64
    }
  }

  /// Place in the order of alignment; tensors are written from the highest to the lowest.
  var alignmentRank: Int {
    Self.allCases.firstIndex(of: self) ?? 0
  }

  /// Bytes of a tensor of this type; nil when the count overflows or is no whole number of bytes.
  func byteCount(shape: [Int]) -> Int? {
    // Overflow is refused even when a later dimension is zero, as the reference reader does; that
    // is why the element count is formed on its own, before the width is applied.
    var elements = 1
    for dimension in shape {
      let (product, overflow) = elements.multipliedReportingOverflow(by: dimension)
      guard dimension >= 0, !overflow else { return nil }
      elements = product
    }
    let (bits, overflow) = elements.multipliedReportingOverflow(by: bitWidth)
    guard !overflow, bits % 8 == 0 else { return nil }
    return bits / 8
  }
}
