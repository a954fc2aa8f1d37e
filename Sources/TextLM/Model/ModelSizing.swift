/// The width that gives a model a wanted number of parameters.
public enum ModelSizing {
  /// What a found size may differ by from the wanted one, as a part of it, where any width is allowed.
  public static let tolerance = 0.02
  /// The same where it is not: heads that must divide a width leave few.
  public static let coarseTolerance = 0.1

  /// The model nearest to `parameterCount` among those of all widths.
  ///
  /// Widths that are a multiple of 16 or of 8 are taken where one is near enough: vectors of a
  /// processor are as long, and others are computed as slowly as the next multiple. Widths that the
  /// architecture does not allow are passed over.
  ///
  /// - Parameters:
  ///   - parameterCount: How many parameters are wanted.
  ///   - vocabularySize: V, of which embedding and output have a row each.
  ///   - widths: The widths that are allowed.
  ///   - make: A model of a width, be it allowed or not. Its parameters must not become fewer with the width.
  /// - Throws: `ModelSizingError` when no width comes within the tolerance. Whatever `make` throws.
  public static func configuration(
    parameterCount wanted: Int, vocabularySize: Int, widths: ClosedRange<Int>,
    _ make: (_ width: Int) throws -> ModelConfiguration
  ) throws -> ModelConfiguration {
    func count(_ width: Int) throws -> Int {
      try make(width).parameterCount(vocabularySize: vocabularySize)
    }
    // The least width with at least as many parameters, by halving.
    var (low, high) = (widths.lowerBound, widths.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if try count(middle) < wanted { low = middle + 1 } else { high = middle }
    }
    func isAllowed(_ width: Int) throws -> Bool {
      let architecture = try make(width).architecture
      do throws(ArchitectureError) {
        try architecture.check()
        return true
      } catch {
        return false
      }
    }
    // The nearest multiples that are allowed, or those that are no longer near.
    func allowed(near start: Int, by step: Int) throws -> Int? {
      try stride(from: start, through: start + 16 * step, by: step)
        .first { try widths.contains($0) && isAllowed($0) }
    }
    for multiple in [16, 8, 1] {
      let below = (low - 1) / multiple * multiple
      let candidates = try [
        allowed(near: below, by: -multiple), allowed(near: below + multiple, by: multiple),
      ].compactMap { $0 }
      let sized = try candidates.map { (width: $0, distance: abs(try count($0) - wanted)) }
      if let best = sized.min(by: { $0.distance < $1.distance }),
        Double(best.distance) <= tolerance * Double(wanted)
      {
        return try make(best.width)
      }
    }
    let below = try allowed(near: low - 1, by: -1)
    let above = try allowed(near: low, by: 1)
    let nearest = [below ?? above ?? low, above ?? below ?? low]
    let counts = try nearest.map(count)
    let best = abs(counts[0] - wanted) <= abs(counts[1] - wanted) ? 0 : 1
    guard nearest[1] - nearest[0] > 1,
      Double(abs(counts[best] - wanted)) <= coarseTolerance * Double(wanted)
    else {
      throw ModelSizingError.noWidth(
        parameterCount: wanted, below: counts[0], above: counts[1])
    }
    return try make(nearest[best])
  }
}

/// A model of a wanted size that does not exist.
public enum ModelSizingError: Error, Equatable {
  /// No width has about so many parameters; the nearest have these, or the smallest and the largest.
  case noWidth(parameterCount: Int, below: Int, above: Int)
}

extension ModelSizingError: CustomStringConvertible {
  /// What is possible instead.
  public var description: String {
    switch self {
    case .noWidth(let parameterCount, let below, let above):
      let possible = below == above ? "\(below)" : "\(below) or \(above)"
      return "--params is \(parameterCount), but with these layers and this vocabulary the nearest "
        + "models have \(possible) parameters: ask for one of these, or give other --layers or "
        + "--embedding-size"
    }
  }
}
