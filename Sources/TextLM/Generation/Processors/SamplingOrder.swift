/// The order in which processors act.
///
/// The standard order is: what speaks of single characters (bias), what speaks of the text so far
/// (penalties, DRY, n-grams), the temperature, and then what cuts off; so each cut sees the
/// distribution that is drawn from. Another order gives another text.
public struct SamplingOrder: Sendable, Equatable {
  /// The names of all processors in the standard order.
  public static let standard = SamplingOrder(
    names: [
      LogitBias.name, RepetitionPenalty.name, FrequencyPenalty.name, PresencePenalty.name,
      DRY.name, NoRepeat.name, TopNSigma.name, Temperature.name, TopK.name, TopP.name, MinP.name,
      Typical.name, EpsilonCutoff.name, EtaCutoff.name, XTC.name, Mirostat.name,
    ])

  /// The names, the first to act first.
  public let names: [String]

  private init(names: [String]) {
    self.names = names
  }

  /// Reads names with commas between them. Those of processors that are not in use may be there.
  ///
  /// - Throws: `SamplingError` for a name that does not exist or is there twice.
  public init(_ text: String) throws(SamplingError) {
    var names: [String] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = String(part.drop { $0 == " " }.prefix { $0 != " " })
      guard Self.standard.names.contains(name) else {
        throw .unknownProcessor(name: name, known: Self.standard.names)
      }
      guard !names.contains(name) else { throw .repeatedProcessor(name: name) }
      names.append(name)
    }
    self.names = names
  }

  /// Throws `SamplingError.unorderedProcessor` for a name that has no place in this order.
  public func check(_ used: [String]) throws(SamplingError) {
    if let name = used.first(where: { !names.contains($0) }) {
      throw .unorderedProcessor(name: name)
    }
  }

  /// The processors in this order.
  ///
  /// - Throws: `SamplingError.unorderedProcessor` for one that has no place in it.
  public func sorted(
    _ processors: [any LogitsProcessor]
  ) throws(SamplingError) -> [any LogitsProcessor] {
    try check(processors.map { type(of: $0).name })
    return names.flatMap { name in processors.filter { type(of: $0).name == name } }
  }
}
