#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Vocabulary {
  /// What one `<unk>` costs beside its own probability, in nats.
  ///
  /// `<unk>` says only that the character is *not* in the vocabulary. To say which, one of the
  /// remaining scalars has to be chosen, and without a model of them every one is as likely:
  /// `ln(1,112,064 - scalars in the vocabulary)`. With this added, the probabilities of all texts
  /// sum to one, and models with different vocabularies can be compared by bits per byte.
  ///
  /// Zero when byte tokens spell the unknown, and when no scalar remains: `<unk>` then never
  /// occurs.
  public var unknownPenaltyNats: Double {
    let remaining = UTF8Scalar.possibleCount - scalarCount
    return hasByteFallback || remaining == 0 ? 0 : log(Double(remaining))
  }
}
