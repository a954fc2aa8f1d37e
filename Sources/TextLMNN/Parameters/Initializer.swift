import TextLMTensors

/// How a new parameter gets its first value.
///
/// A weight is [outputs, inputs]. A gain is the factor by which what follows shrinks signals: 1 for the
/// logistic function and none, 5/3 for tanh, √2 for ReLU.
public indirect enum Initializer: Sendable, Equatable {
  /// Zero everywhere.
  case zeros
  /// One number everywhere.
  case constant(Float)
  /// Uniform in −bound ..< bound.
  case uniform(bound: Double)
  /// Normal with mean 0.
  case normal(standardDeviation: Double)
  /// Uniform within ±gain √(6 / (inputs + outputs)).
  ///
  /// Keeps the variance of signals and of gradients level at once. Reference: Xavier Glorot and
  /// Yoshua Bengio, "Understanding the difficulty of training deep feedforward neural networks",
  /// 2010.
  case xavierUniform(gain: Double = 1)
  /// Normal with standard deviation gain √(2 / (inputs + outputs)), from the same paper.
  case xavierNormal(gain: Double = 1)
  /// Uniform within ±gain √(3 / inputs), which keeps the variance of signals level.
  ///
  /// Reference: Kaiming He et al., "Delving Deep into Rectifiers", 2015.
  case heUniform(gain: Double = 2.squareRoot())
  /// Normal with standard deviation gain / √inputs, from the same paper.
  case heNormal(gain: Double = 2.squareRoot())
  /// Normal with standard deviation 1 / √inputs.
  ///
  /// Reference: Yann LeCun et al., "Efficient BackProp", 1998.
  case lecunNormal
  /// gain times a random matrix with orthonormal rows, or columns where those are fewer, all of them
  /// being equally likely.
  ///
  /// Reference: Andrew Saxe, James McClelland and Surya Ganguli, "Exact solutions to the nonlinear
  /// dynamics of learning in deep linear neural networks", 2014.
  case orthogonal(gain: Double = 1)
  /// 1 where row and column have the same number, else 0: of an embedding as wide as the vocabulary, one
  /// unit a token.
  case identity
  /// Of `count` gates above each other, [count · H, ..]: an orthogonal matrix each, which then neither
  /// shrinks nor blows up the hidden state; anything else as if they were one parameter.
  case gates(count: Int, Initializer)
  /// These numbers, row by row.
  case values([Float])
  /// One number for each of so many equal parts, such as the biases of gates.
  case blocks([Float])
  /// Zeros, but `forget` for the forget gate, the second of four blocks of `hiddenSize`, so that an
  /// untrained LSTM remembers; 1 is usual.
  ///
  /// For one of the two biases only, since they add up. Reference: Rafal Jozefowicz, Wojciech
  /// Zaremba and Ilya Sutskever, "An Empirical Exploration of Recurrent Network Architectures",
  /// 2015.
  case lstmBias(hiddenSize: Int, forget: Float = 1)
  /// For an LSTM's bias like that one: ln u for each forget gate, u being uniform in 1 ..< longest − 1,
  /// and −ln u for its input gate, so that units remember for all times up to `longest` steps.
  ///
  /// Reference: Corentin Tallec and Yann Ollivier, "Can recurrent neural networks warp time?", 2018.
  case chrono(hiddenSize: Int, longest: Double)
}
