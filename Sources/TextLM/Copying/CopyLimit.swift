/// No more than so many characters as a text has them: a rule for writing.
///
/// Characters are the model's tokens; one that is spelled in bytes counts as several.
public struct CopyLimit: Sendable {
  /// What must not be copied.
  public let index: CopyIndex
  /// The most tokens that may stand in the written text as they stand in the other.
  public let count: Int

  /// A limit of `count` tokens. Throws `SamplingError` below 1.
  public init(_ count: Int, of index: CopyIndex) throws(SamplingError) {
    guard count >= 1 else {
      throw .outOfRange(name: "max-copy", value: "\(count)", allowed: "1 or more")
    }
    self.index = index
    self.count = count
  }

  /// Excludes every token that would make a match too long: only a match of `count` tokens can become
  /// so.
  func mask(_ logits: inout [Float], after match: CopyMatch) {
    guard match.length >= count else { return }
    index.forEachToken(after: match.state) { logits[Int($0)] = -.infinity }
  }
}
