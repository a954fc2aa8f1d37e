import CTextLMKernels

extension Engine {
  /// Processors that this process may run on, at least one.
  public static var processorCount: Int { Int(tlm_processors()) }
}
