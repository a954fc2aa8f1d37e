/// Something that an architecture can be told, with what is allowed and what it is otherwise.
public struct Hyperparameter: Sendable, Equatable {
  /// What values are allowed.
  public enum Kind: Sendable, Equatable {
    /// A whole number.
    case count(ClosedRange<Int>, standard: Int)
    /// A probability, from 0 to below 1.
    case rate(standard: Double)
    /// A real number.
    case number(ClosedRange<Double>, standard: Double)
    /// One of several names.
    case choice([String], standard: String)
  }

  /// The key of `--set key=value` and of model files.
  public let name: String
  /// What values are allowed, and the one taken when nothing is said.
  public let kind: Kind
  /// What it does, in a few words.
  public let summary: String

  /// A whole number within `range`.
  public static func count(
    _ name: String, in range: ClosedRange<Int>, standard: Int, _ summary: String
  ) -> Hyperparameter {
    Hyperparameter(name: name, kind: .count(range, standard: standard), summary: summary)
  }

  /// A probability.
  public static func rate(
    _ name: String, standard: Double, _ summary: String
  ) -> Hyperparameter {
    Hyperparameter(name: name, kind: .rate(standard: standard), summary: summary)
  }

  /// A real number within `range`.
  public static func number(
    _ name: String, in range: ClosedRange<Double>, standard: Double, _ summary: String
  ) -> Hyperparameter {
    Hyperparameter(name: name, kind: .number(range, standard: standard), summary: summary)
  }

  /// One of `names`.
  public static func choice(
    _ name: String, of names: [String], standard: String, _ summary: String
  ) -> Hyperparameter {
    Hyperparameter(name: name, kind: .choice(names, standard: standard), summary: summary)
  }

  /// The value when nothing is said, as it would be written.
  public var standardText: String {
    switch kind {
    case .count(_, let standard): "\(standard)"
    case .rate(let standard), .number(_, let standard): "\(standard)"
    case .choice(_, let standard): standard
    }
  }

  /// What is allowed, in words.
  public var allowedText: String {
    switch kind {
    case .count(let range, _): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .rate: "a number from 0 to below 1"
    case .number(let range, _): "a number from \(range.lowerBound) to \(range.upperBound)"
    case .choice(let names, _): names.joined(separator: " or ")
    }
  }
}
