/// Which parameters learn, and how fast beside the learning rate that all share.
///
/// Patterns are those of `PathPattern`. Gradual unfreezing begins with the output alone and adds the
/// next layer below after every so many epochs, so that what the lower layers know is not lost to the
/// first, large gradients of a new task. Reference: Jeremy Howard and Sebastian Ruder, "Universal
/// Language Model Fine-tuning for Text Classification", 2018.
public struct ParameterRates: Sendable, Equatable {
  /// A factor of the learning rate for the parameters that a pattern fits.
  public struct Factor: Sendable, Equatable, CustomStringConvertible {
    /// For which parameters.
    public let pattern: PathPattern
    /// What their learning rate is multiplied with; 0 freezes them.
    public let factor: Double

    /// `PATTERN=FACTOR`, as it was written.
    public let description: String

    /// Reads `PATTERN=FACTOR`, with a factor from 0 to a million.
    public init(_ text: String) throws(ParameterRatesError) {
      guard let equals = text.lastIndex(of: "="), equals > text.startIndex,
        let factor = Double(text[text.index(after: equals)...]), factor >= 0, factor <= 1e6
      else { throw .malformed(text) }
      pattern = PathPattern(String(text[..<equals]))
      self.factor = factor
      description = text
    }
  }

  /// What never changes.
  public var frozen: [PathPattern] = []
  /// What learns slower or faster; where several fit, the last counts.
  public var factors: [Factor] = []
  /// Epochs from the unfreezing of one layer to that of the next; nil when all learn from the start.
  public var unfreezeInterval: Int?

  /// All parameters learn at the same rate.
  public static let equal = ParameterRates()

  /// Rates of these parts.
  public init(frozen: [PathPattern] = [], factors: [Factor] = [], unfreezeInterval: Int? = nil) {
    self.frozen = frozen
    self.factors = factors
    self.unfreezeInterval = unfreezeInterval
  }

  /// The factors that are not 1, by path, for the steps of an epoch counted from 0.
  public func factors(for paths: [String], epoch: Int) -> [String: Double] {
    var result: [String: Double] = [:]
    for path in paths {
      if let factor = factors.last(where: { $0.pattern.matches(path) }) {
        result[path] = factor.factor
      }
      if frozen.contains(where: { $0.matches(path) }) { result[path] = 0 }
    }
    if let unfreezeInterval {
      let groups = ParameterGroups(paths).fromTop
      for path in groups.dropFirst(1 + epoch / max(unfreezeInterval, 1)).joined() {
        result[path] = 0
      }
    }
    return result
  }

  /// What is unfrozen in which order, in words; nil when all learns from the start.
  func notice(_ paths: [String]) -> String? {
    unfreezeInterval.map {
      "unfreezing, one more after each \($0 == 1 ? "epoch" : "\($0) epochs"): "
        + ParameterGroups(paths).names.joined(separator: ", ")
    }
  }

  /// Refuses patterns that fit nothing, and a model of which nothing would ever learn.
  public func check(_ paths: [String]) throws(ParameterRatesError) {
    for pattern in frozen + factors.map(\.pattern)
    where !paths.contains(where: { pattern.matches($0) }) {
      throw .matchesNothing(pattern: pattern.description, paths: paths)
    }
    // In the first epoch fewer learn than ever after, and the very first steps need a gradient.
    let rates = factors(for: paths, epoch: 0)
    guard paths.contains(where: { rates[$0] != 0 }) else { throw .nothingLearns }
  }
}

/// The parameters of a model by how near they are to its output.
struct ParameterGroups {
  /// Paths from the output down: the output, each layer from the top, the embedding.
  let fromTop: [[String]]
  /// What to call each of them.
  let names: [String]

  init(_ paths: [String]) {
    // A tied embedding is the output's weights.
    let isTied = !paths.contains("head.weight")
    var layers: [Int: [String]] = [:]
    var (output, embedding): ([String], [String]) = ([], [])
    for path in paths {
      if path.hasPrefix("embedding."), !isTied {
        embedding.append(path)
      } else if let layer = Self.layer(of: path) {
        layers[layer, default: []].append(path)
      } else {
        output.append(path)
      }
    }
    let middle = layers.sorted { $0.key > $1.key }.map { ("layer \($0.key)", $0.value) }
    let groups = ([("output", output)] + middle + [("embedding", embedding)]).filter {
      !$0.1.isEmpty
    }
    (names, fromTop) = (groups.map(\.0), groups.map(\.1))
  }

  /// The number behind `_l` in `weight_ih_l0` or `bias_hh_l1_reverse`, or between two dots.
  private static func layer(of path: String) -> Int? {
    for component in path.split(separator: ".") {
      if let number = Int(component) { return number }
      for part in component.split(separator: "_").reversed() where part.hasPrefix("l") {
        if let number = Int(part.dropFirst()) { return number }
      }
    }
    return nil
  }
}
