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

  /// The values that belong to `seed`.
  public init(seed: UInt64) {
    random = RandomSource(seed: seed)
  }

  /// A value as the initializer draws it.
  public func tensor(at path: String, shape: Shape, _ initializer: Initializer) -> Tensor {
    var stream = random.stream(path)
    return initializer.tensor(shape: shape, random: &stream)
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
