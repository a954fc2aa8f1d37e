import CTextLMICU

/// Finds units that look alike, by the skeletons of ICU's spoof checker.
///
/// Reference: Unicode Technical Standard #39.
struct ConfusableGroups: ~Copyable {
  private let checker: UnsafeMutableRawPointer?

  /// Opens ICU's checker.
  ///
  /// - Throws: `TextError.segmentationUnavailable`.
  init() throws(TextError) {
    var opened: UnsafeMutableRawPointer?
    let status = tlm_icu_spoof_open(&opened)
    checker = opened
    try ICUBreaker.check(status, unit: "confusables")
  }

  deinit {
    tlm_icu_spoof_close(checker)
  }

  /// The pairs of units with the same skeleton, as indices, the first of a pair before the second.
  func pairs(_ units: [UTF8Text]) -> [(Int, Int)] {
    var groups: [[UInt8]: [Int]] = [:]
    var pairs: [(Int, Int)] = []
    for (index, unit) in units.enumerated() {
      guard let skeleton = skeleton(of: unit), !skeleton.isEmpty else { continue }
      for former in groups[skeleton, default: []] { pairs.append((former, index)) }
      groups[skeleton, default: []].append(index)
    }
    return pairs
  }

  private func skeleton(of unit: UTF8Text) -> [UInt8]? {
    var room = 4 * unit.bytes.count + 64
    // Once more when the room was too small, which the first call then tells.
    for _ in 0..<2 {
      var made: Int64 = 0
      var status: Int32 = 0
      let skeleton = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
        unit.bytes.withUnsafeBufferPointer { bytes in
          status = tlm_icu_spoof_skeleton(
            checker, bytes.baseAddress, Int64(bytes.count), buffer.baseAddress, Int64(room), &made)
        }
        count = status <= 0 ? Int(made) : 0
      }
      if status <= 0 { return skeleton }
      room = Int(made) + 1
    }
    return nil
  }
}
