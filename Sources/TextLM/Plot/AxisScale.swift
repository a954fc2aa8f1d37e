#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An axis: which values it shows, and where it is labelled.
struct AxisScale: Equatable {
  /// The least value.
  let lower: Double
  /// The greatest value.
  let upper: Double
  /// Whether equal distances are equal ratios.
  let isLogarithmic: Bool
  /// The labelled values, ascending.
  let ticks: [Double]
  /// Digits behind the point of a label.
  private let digits: Int

  /// An axis for finite values.
  ///
  /// - Parameters:
  ///   - values: What is to be shown; none are shown as 0 to 1.
  ///   - tickCount: Labels wanted, about.
  ///   - padding: Room at both ends, as a part of the whole.
  ///   - isLogarithmic: Whether to scale by the logarithm, where all values are above 0.
  init(
    _ values: some Sequence<Double>, tickCount: Int, padding: Double, isLogarithmic: Bool = false
  ) {
    let values = values.filter(\.isFinite)
    var (least, greatest) = (values.min() ?? 0, values.max() ?? 1)
    // One value, or values that nothing tells apart, lie in the middle.
    let size = max(abs(least), abs(greatest))
    if greatest - least <= max(1e-12 * size, 1e-290) {
      let room = size < 1e-280 ? 1 : size / 10
      (least, greatest) = (least - room, greatest + room)
    }
    self.isLogarithmic = isLogarithmic && least > 0
    if self.isLogarithmic {
      let room = padding * log(greatest / least)
      (lower, upper) = (least / exp(room), greatest * exp(room))
      ticks = Self.logarithmicTicks(from: lower, to: upper)
      digits = Self.digits(for: lower)
    } else {
      let room = padding * (greatest - least)
      // What is never negative does not begin below zero.
      (lower, upper) = (least >= 0 ? max(0, least - room) : least - room, greatest + room)
      var step = Self.roundStep((upper - lower) / Double(max(1, tickCount)))
      var ticks = Self.ticks(from: lower, to: upper, by: step)
      if ticks.count < 2 {
        step = Self.roundStep(step / 4)
        ticks = Self.ticks(from: lower, to: upper, by: step)
      }
      self.ticks = ticks
      digits = Self.digits(for: step)
    }
  }

  /// Where a value lies, from 0 at `lower` to 1 at `upper`; beyond them for others.
  func position(of value: Double) -> Double {
    guard isLogarithmic else { return (value - lower) / (upper - lower) }
    return log(max(value, lower * 1e-9) / lower) / log(upper / lower)
  }

  /// What stands at a tick.
  func label(of tick: Double) -> String {
    // Ticks of equal ratios are of no common size.
    let size = isLogarithmic ? abs(tick) : max(abs(lower), abs(upper))
    if tick == 0 { return "0" }
    for (unit, suffix) in [(1e9, "G"), (1e6, "M"), (1e3, "k")]
    where (10 * unit..<1e13).contains(size) {
      return Numbers.shortest((tick / unit * 100).rounded() / 100) + suffix
    }
    guard (1e-5..<1e13).contains(size), digits <= 6 else { return Self.scientific(tick) }
    return isLogarithmic ? Numbers.shortest(tick) : Numbers.fixed(tick, digits)
  }

  /// With three digits and a power of ten.
  private static func scientific(_ value: Double) -> String {
    let exponent = floor(log10(abs(value)) + 1e-9)
    let mantissa = (value / pow(10, exponent) * 100).rounded() / 100
    return "\(Numbers.shortest(mantissa))e\(Int(exponent))"
  }

  /// 1, 2 or 5 times a power of ten, near `step`.
  private static func roundStep(_ step: Double) -> Double {
    let decade = pow(10, floor(log10(step)))
    let multiple = [1.0, 2, 5].first { $0 * decade >= step * 0.7 } ?? 10
    return multiple * decade
  }

  private static func digits(for step: Double) -> Int {
    max(0, Int(-floor(log10(step) + 1e-9)))
  }

  private static func ticks(from lower: Double, to upper: Double, by step: Double) -> [Double] {
    let first = (lower / step - 1e-9).rounded(.up)
    let last = (upper / step + 1e-9).rounded(.down)
    // Values so far from zero that a step is lost in them have no room for ticks.
    guard last - first < 100, first <= last else { return [] }
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  /// 1, 2 and 5 of each decade, or powers of ten when there are many.
  private static func logarithmicTicks(from lower: Double, to upper: Double) -> [Double] {
    let decades = Int(floor(log10(lower)))...Int(ceil(log10(upper)))
    let multiples = decades.count > 4 ? [1.0] : [1, 2, 5]
    return decades.flatMap { decade in multiples.map { $0 * pow(10, Double(decade)) } }
      .filter { lower <= $0 && $0 <= upper }
  }
}
