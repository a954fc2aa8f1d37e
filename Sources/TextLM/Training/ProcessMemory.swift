/// How much memory this process has had, at most, since it was last asked to forget.
///
/// Linux says so; elsewhere nothing is known.
enum ProcessMemory {
  /// Bytes in memory at the peak.
  static var peakBytes: Int? {
    do {
      let bytes = try FileReader.streamedBytes(at: "/proc/self/status", atMost: 1 << 20)
      let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        .first { $0.hasPrefix("VmHWM:") }
      let number = line?.drop { !$0.isNumber }.prefix { $0.isNumber }
      return number.flatMap { Int($0) }.map { $0 * 1024 }
    } catch {
      return nil
    }
  }

  /// Lets the peak begin anew from what is in memory now.
  static func resetPeak() {
    do {
      // What proc(5) has for it.
      let file = try Descriptor(opening: "/proc/self/clear_refs", .append)
      try file.write([UInt8(ascii: "5")])
    } catch {
      // Then the peak is that of the process so far, which is no less.
      return
    }
  }
}
