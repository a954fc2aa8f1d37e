/// A way to initialize as it is written: a number for a constant, or a name, some with a number
/// behind a colon.
enum InitializationMethod: Sendable, Equatable {
  case fixed(Initializer)
  /// PyTorch's own for recurrent and linear layers: uniform within ±1 / √H or ±1 / √inputs.
  case torch
  case chrono(longest: Double)

  /// All names, with what follows them.
  static let known = [
    "zeros", "uniform:BOUND", "normal:DEVIATION", "xavier-uniform[:GAIN]", "xavier-normal[:GAIN]",
    "he-uniform[:GAIN]", "he-normal[:GAIN]", "lecun-normal", "orthogonal[:GAIN]", "identity",
    "torch", "chrono:STEPS",
  ]

  init(_ text: String) throws(InitializationError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let number = parts.count > 1 ? Double(parts[1]) : nil
    let isComplete = parts.count == 1 || number?.isFinite == true
    guard isComplete, let method = Self.method(String(parts[0]), number) else {
      throw .unknownInitializer(text, known: Self.known)
    }
    self = method
  }

  private static func method(_ name: String, _ number: Double?) -> InitializationMethod? {
    switch (name, number) {
    case ("zeros", nil): .fixed(.zeros)
    case ("uniform", let bound?) where bound > 0: .fixed(.uniform(bound: bound))
    case ("normal", let deviation?) where deviation > 0:
      .fixed(.normal(standardDeviation: deviation))
    case ("xavier-uniform", let gain): .fixed(.xavierUniform(gain: gain ?? 1))
    case ("xavier-normal", let gain): .fixed(.xavierNormal(gain: gain ?? 1))
    case ("he-uniform", let gain): .fixed(.heUniform(gain: gain ?? 2.squareRoot()))
    case ("he-normal", let gain): .fixed(.heNormal(gain: gain ?? 2.squareRoot()))
    case ("lecun-normal", nil): .fixed(.lecunNormal)
    case ("orthogonal", let gain): .fixed(.orthogonal(gain: gain ?? 1))
    case ("identity", nil): .fixed(.identity)
    case ("torch", nil): .torch
    case ("chrono", let steps?) where steps > 2: .chrono(longest: steps)
    case (_, nil): Float(name).flatMap { $0.isFinite ? .fixed(.constant($0)) : nil }
    default: nil
    }
  }

  /// The initializer for one parameter, whose layer wants `standard`; nil where it does not suit.
  func initializer(
    shape: (rank: Int, outputs: Int, inputs: Int), standard: Initializer, onlyForget: Bool
  ) -> Initializer? {
    switch (self, standard) {
    case (.chrono(let longest), .lstmBias(let hiddenSize, _)):
      return .chrono(hiddenSize: hiddenSize, longest: longest)
    case (.chrono, _):
      return nil
    case (.fixed(.constant(let forget)), .lstmBias(let hiddenSize, _)) where onlyForget:
      return .lstmBias(hiddenSize: hiddenSize, forget: forget)
    case _ where onlyForget:
      return nil
    case (.torch, .gates(let count, _)):
      return .uniform(bound: 1 / Double(shape.outputs / count).squareRoot())
    case (.torch, .lstmBias(let hiddenSize, _)):
      return .uniform(bound: 1 / Double(hiddenSize).squareRoot())
    case (.torch, _):
      // Of a vector alone nobody can tell how many inputs its layer has.
      return shape.rank == 2 ? .uniform(bound: 1 / Double(shape.inputs).squareRoot()) : standard
    case (.fixed(let initializer), _):
      guard shape.rank == 2 || initializer.suitsVectors else { return nil }
      guard case .gates(let count, _) = standard else { return initializer }
      return .gates(count: count, initializer)
    }
  }
}

extension Initializer {
  /// Whether it asks for no number of inputs.
  fileprivate var suitsVectors: Bool {
    switch self {
    case .zeros, .constant, .uniform, .normal: true
    default: false
    }
  }
}
