/// How much memory the machine has to give.
enum SystemMemory {
  /// Bytes that can be taken without swapping, within the limit of the control group; nil where the
  /// system does not say.
  static var availableBytes: Int? {
    let system = lines(of: "/proc/meminfo").first { $0.hasPrefix("MemAvailable:") }
      .flatMap { number(in: $0) }.map { $0 * 1024 }
    let limit = lines(of: "/sys/fs/cgroup/memory.max").first.flatMap { number(in: $0) }
    let used = lines(of: "/sys/fs/cgroup/memory.current").first.flatMap { number(in: $0) }
    // Files that the system keeps in memory count as used, and are dropped when it is needed.
    let cached = lines(of: "/sys/fs/cgroup/memory.stat")
      .filter { $0.hasPrefix("inactive_file ") || $0.hasPrefix("active_file ") }
      .reduce(0) { $0 + (number(in: $1) ?? 0) }
    let group = limit.map { $0 - max(0, (used ?? 0) - cached) }
    switch (system, group) {
    case (let system?, let group?): return min(system, group)
    case (let system, let group): return system ?? group
    }
  }

  private static func lines(of path: String) -> [Substring] {
    do {
      let bytes = try FileReader.streamedBytes(at: path, atMost: 1 << 20)
      return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    } catch {
      // Not this kind of system; nothing is known then.
      return []
    }
  }

  private static func number(in line: Substring) -> Int? {
    Int(line.drop { !$0.isNumber }.prefix { $0.isNumber })
  }
}
