#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Numbers for people to read; always with a point and without the locale.
package enum Numbers {
  /// With `digits` digits behind the point.
  package static func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int64((abs(value) * scale).rounded())
    let unit = Int64(scale)
    let sign = value < 0 && scaled != 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(scaled)" }
    let part = String(scaled % unit)
    return sign + "\(scaled / unit)." + String(repeating: "0", count: digits - part.count) + part
  }

  /// With the fewest digits, without `.0`.
  package static func shortest(_ value: Double) -> String {
    Int(exactly: value).map { "\($0)" } ?? "\(value)"
  }

  /// Rounded to four significant digits.
  package static func significant(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "\(value)" }
    let scale = pow(10, 3 - log10(abs(value)).rounded(.down))
    return scale.isFinite && scale > 0 ? short((value * scale).rounded() / scale) : "\(value)"
  }

  /// Whole numbers without a point, others as they are.
  package static func short(_ value: Double) -> String {
    Int(exactly: value).map { "\($0)" } ?? "\(value)"
  }

  /// With commas between groups of three digits.
  package static func grouped(_ value: Int) -> String {
    var groups: [String] = []
    var rest = value.magnitude
    while rest >= 1000 {
      let group = String(rest % 1000)
      groups.append(String(repeating: "0", count: 3 - group.count) + group)
      rest /= 1000
    }
    groups.append(String(rest))
    return (value < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
  }

  /// A rate in whole units, with commas.
  package static func rate(_ value: Double) -> String {
    value < 1e15 ? grouped(Int(value)) : "\(value)"
  }

  /// As hours, minutes and seconds.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let whole = Int(max(0, seconds).rounded())
    if whole < 60 { return "\(whole)s" }
    let (minutes, rest) = (whole / 60, whole % 60)
    if minutes < 60 { return "\(minutes)m\(rest < 10 ? "0" : "")\(rest)s" }
    return "\(minutes / 60)h\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)m"
  }

  /// Reads `300`, `500K`, `1.5M` as a whole number above 0.
  package static func count(_ text: String) -> Int? {
    let units: [Character: Double] = ["k": 1e3, "K": 1e3, "m": 1e6, "M": 1e6]
    guard let last = text.last else { return nil }
    let factor = units[last]
    let number = factor == nil ? text : String(text.dropLast())
    guard let value = Double(number).map({ ($0 * (factor ?? 1)).rounded() }), value >= 1,
      value < 1e15
    else { return nil }
    return Int(value)
  }

  /// Reads `75s`, `5m`, `1.5h`, `1h30m` and, for seconds, `90`.
  package static func seconds(_ text: String) -> Double? {
    let units: [Character: Double] = ["d": 86400, "h": 3600, "m": 60, "s": 1]
    var (total, rest, greatest) = (0.0, text[...], Double.infinity)
    repeat {
      let end = rest.firstIndex { units[$0] != nil }
      let factor = end.flatMap { units[rest[$0]] } ?? 1
      let number = rest[..<(end ?? rest.endIndex)]
      // A number without a unit stands alone, and units become smaller.
      guard end != nil || total == 0, factor < greatest, let value = Double(number), value > 0,
        value.isFinite
      else { return nil }
      (total, greatest) = (total + value * factor, factor)
      rest = end.map { rest[rest.index(after: $0)...] } ?? ""
    } while !rest.isEmpty
    return total
  }
}
