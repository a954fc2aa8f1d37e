#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension RandomSource {
  /// A number in 0 ..< 1, one of 2⁵³ equally likely ones.
  public mutating func nextUniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A number of mean 0 and variance 1, normally distributed.
  ///
  /// Box and Muller's √(−2 ln u) cos(2π v), with u in (0, 1]. Of the pair that the method offers
  /// the sine is not kept: a source has no state beside its generator's.
  public mutating func nextNormal() -> Double {
    let radius = (-2 * log(1 - nextUniform())).squareRoot()
    return radius * cos(2 * Double.pi * nextUniform())
  }

  /// A whole number in 0 ..< bound, all equally likely. Requires a positive bound.
  ///
  /// Takes the high half of a 128-bit product and rejects the few low halves that would favour some
  /// results. Reference: Daniel Lemire, "Fast Random Integer Generation in an Interval", 2019.
  public mutating func nextInt(below bound: Int) -> Int {
    require(bound > 0, "nextInt: the bound \(bound) is not positive")
    let bound = UInt64(bound)
    let rejected = (0 &- bound) % bound
    while true {
      let product = next().multipliedFullWidth(by: bound)
      if product.low >= rejected { return Int(product.high) }
    }
  }

  /// The elements in an order drawn by Fisher and Yates' shuffle, every order equally likely.
  public mutating func shuffled<Element>(_ elements: some Sequence<Element>) -> [Element] {
    var result = Array(elements)
    for last in result.indices.dropFirst().reversed() {
      result.swapAt(last, nextInt(below: last + 1))
    }
    return result
  }
}
