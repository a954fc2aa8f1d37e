public import TextLMTensors

/// Where a model's parameters get their first values: from random numbers, or from a file.
public protocol ParameterSource {
  /// The value of the parameter at `path`, in `shape`.
  ///
  /// A source that has no values of its own follows `initializer`; one that has throws
  /// `ParameterError` where they do not fit.
  func tensor(at path: String, shape: Shape, _ initializer: Initializer) throws -> Tensor
}

/// Values drawn at random from a seed, each parameter from the stream named by its path.
///
/// Adding a layer therefore leaves the values of all others as they were.
public struct RandomParameters: ParameterSource {
  private let random: RandomSource
  private let rules: InitializationRules

  /// The values that belong to `seed`, drawn by the layers' own initializers but where `rules` say
  /// otherwise.
  public init(seed: UInt64, rules: InitializationRules = .none) {
    random = RandomSource(seed: seed)
    self.rules = rules
  }

  /// A value as the initializer draws it. Throws `InitializationError` where a rule does not suit the
  /// parameter.
  public func tensor(
    at path: String, shape: Shape, _ initializer: Initializer
  ) throws(InitializationError) -> Tensor {
    var stream = random.stream(path)
    return try rules.initializer(at: path, shape: shape, standard: initializer)
      .tensor(shape: shape, random: &stream)
  }
}

/// Values that were stored under the parameters' paths.
public struct StoredParameters: ParameterSource {
  private let tensors: [String: Tensor]

  /// Values by path; paths that no parameter asks for are not looked at.
  public init(_ tensors: [String: Tensor]) {
    self.tensors = tensors
  }

  /// The stored value. Throws `ParameterError` where there is none or it has another shape.
  public func tensor(
    at path: String, shape: Shape, _ initializer: Initializer
  ) throws(ParameterError) -> Tensor {
    guard let tensor = tensors[path] else {
      throw .missing(path: path, shape: shape)
    }
    guard tensor.shape == shape else {
      throw .shape(path: path, expected: shape, found: tensor.shape)
    }
    return tensor
  }
}
