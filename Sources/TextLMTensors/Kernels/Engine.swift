import CTextLMKernels

/// Settings and facts of the numeric engine, which are the process's, not a model's.
public enum Engine {
  /// Threads that every operation may use; at least 1. Results do not depend on it.
  public static var threadCount: Int { Int(tlm_threads()) }

  /// Lets every later operation use `count` threads. Requires 1 or more.
  public static func setThreadCount(_ count: Int) {
    require(count >= 1 && count <= Int(CInt.max), "threads: \(count) is not a count of threads")
    tlm_set_threads(CInt(count))
  }

  /// The strongest instruction set that the kernels will use on this processor.
  public static var instructionSet: InstructionSet { InstructionSet(tlm_current_isa()) }

  /// Holds the kernels down to `strongest`, for comparing their variants; a stronger one than the
  /// processor has changes nothing.
  public static func limitInstructionSet(to strongest: InstructionSet) {
    tlm_limit_isa(strongest.kernelValue)
  }

  /// Whether this processor multiplies bfloat16 in hardware; elsewhere bfloat16 only saves
  /// precision, not time.
  public static var hasBFloat16: Bool { tlm_has_bfloat16() }

  /// The number format that products are fastest in on this processor: bfloat16 where it is
  /// multiplied in hardware, int16 where vectors of integers are, float32 elsewhere.
  public static var fastestPrecision: ComputePrecision {
    if hasBFloat16 { return .bfloat16 }
    return instructionSet == .plain ? .float32 : .int16
  }

  /// The fastest format whose results agree with float32's to a millionth: what texts are measured
  /// in.
  public static var evaluationPrecision: ComputePrecision {
    instructionSet == .plain ? .float32 : .int16
  }

  /// Version of the oneDNN library in use, as in `2.6.3`.
  public static var oneDNNVersion: String {
    var (major, minor, patch): (CInt, CInt, CInt) = (0, 0, 0)
    tlm_onednn_version(&major, &minor, &patch)
    return "\(major).\(minor).\(patch)"
  }

  /// Measures the float32 multiply-add peak of all threads together, in GFLOP/s; takes about 0.2 s.
  public static func measurePeakGigaflops() -> Double { tlm_measure_peak_gflops() }
}
