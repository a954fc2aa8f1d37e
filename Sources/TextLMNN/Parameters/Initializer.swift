import TextLMTensors

/// How a new parameter gets its first value.
public enum Initializer: Sendable, Equatable {
  /// Zero everywhere.
  case zeros
  /// One number everywhere.
  case constant(Float)
  /// Uniform in −bound ..< bound.
  case uniform(bound: Double)
  /// Normal with mean 0.
  case normal(standardDeviation: Double)
  /// Uniform within ±√(6 / (inputs + outputs)) for a weight [outputs, inputs].
  ///
  /// Keeps the variance of signals and of gradients level at once. Reference: Xavier Glorot and
  /// Yoshua Bengio, "Understanding the difficulty of training deep feedforward neural networks",
  /// 2010.
  case xavierUniform
  /// `count` square blocks [H, H] above each other, each a random orthogonal matrix, all rotations
  /// and reflections being equally likely. For recurrent weights [count · H, H], one block a gate,
  /// which then neither shrink nor blow up the hidden state.
  case orthogonalBlocks(count: Int)
  /// Zeros, but 1 for the forget gate, the second of four blocks of `hiddenSize`, so that an
  /// untrained LSTM remembers.
  ///
  /// For one of the two biases only, since they add up. Reference: Rafal Jozefowicz, Wojciech
  /// Zaremba and Ilya Sutskever, "An Empirical Exploration of Recurrent Network Architectures",
  /// 2015.
  case lstmBias(hiddenSize: Int)

  /// A tensor drawn from `random`. Requires a shape that the initializer is made for.
  func tensor(shape: Shape, random: inout RandomSource) -> Tensor {
    switch self {
    case .zeros:
      return Tensor(zeros: shape)
    case .constant(let value):
      return Tensor(repeating: value, shape: shape)
    case .uniform(let bound):
      return Self.uniform(bound: bound, shape: shape, random: &random)
    case .normal(let standardDeviation):
      return Tensor(
        (0..<shape.count).map { _ in Float(standardDeviation * random.nextNormal()) }, shape: shape)
    case .xavierUniform:
      require(shape.rank == 2, "xavierUniform: a weight is [outputs, inputs], not \(shape)")
      let bound = (6 / Double(shape[0] + shape[1])).squareRoot()
      return Self.uniform(bound: bound, shape: shape, random: &random)
    case .orthogonalBlocks(let count):
      require(
        shape.rank == 2 && shape[0] == count * shape[1],
        "orthogonalBlocks: shape \(shape) is not \(count) square blocks")
      let blocks = (0..<count).flatMap { _ in
        OrthogonalMatrix(size: shape[1], random: &random).elements
      }
      return Tensor(blocks, shape: shape)
    case .lstmBias(let hiddenSize):
      require(
        shape == [4 * hiddenSize], "lstmBias: shape \(shape) is not [\(4 * hiddenSize)]")
      let forgetGate = hiddenSize..<2 * hiddenSize
      return Tensor((0..<shape.count).map { forgetGate.contains($0) ? 1 : 0 }, shape: shape)
    }
  }

  private static func uniform(bound: Double, shape: Shape, random: inout RandomSource) -> Tensor {
    Tensor(
      (0..<shape.count).map { _ in Float(bound * (2 * random.nextUniform() - 1)) }, shape: shape)
  }
}
