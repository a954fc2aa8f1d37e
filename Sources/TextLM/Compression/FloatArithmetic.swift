/// The kernels that round numbers of 32 bits alike.
package enum FloatArithmetic: UInt8 {
  /// Plain C.
  case plain = 0
  /// Vectors of 256 bits.
  case avx2 = 1
  /// Vectors of 512 bits, with or without instructions for integers.
  case avx512 = 2

  /// That of an instruction set.
  package init(_ instructionSet: InstructionSet) {
    self =
      switch instructionSet {
      case .plain: .plain
      case .avx2: .avx2
      case .avx512, .avx512VNNI: .avx512
      }
  }

  /// The instruction set that `TEXTLM_MAX_ISA` names for it.
  package var instructionSet: InstructionSet {
    switch self {
    case .plain: .plain
    case .avx2: .avx2
    case .avx512: .avx512
    }
  }
}
