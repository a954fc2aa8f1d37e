import CTextLMKernels

/// Instruction sets for which the kernels exist, weakest first.
public enum InstructionSet: String, Sendable, Codable, CaseIterable {
  /// Plain C, for any processor.
  case plain
  /// 256-bit vectors.
  case avx2
  /// 512-bit vectors.
  case avx512
  /// 512-bit vectors, and products of 16-bit integers summed by one instruction.
  case avx512VNNI = "avx512-vnni"

  init(_ kernelValue: tlm_isa) {
    switch kernelValue {
    case TLM_ISA_AVX512_VNNI: self = .avx512VNNI
    case TLM_ISA_AVX512: self = .avx512
    case TLM_ISA_AVX2: self = .avx2
    default: self = .plain
    }
  }

  var kernelValue: tlm_isa {
    switch self {
    case .plain: TLM_ISA_PLAIN
    case .avx2: TLM_ISA_AVX2
    case .avx512: TLM_ISA_AVX512
    case .avx512VNNI: TLM_ISA_AVX512_VNNI
    }
  }
}
