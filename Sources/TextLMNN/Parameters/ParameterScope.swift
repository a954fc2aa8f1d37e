public import TextLMTensors

/// A place in the tree of a model's parameters, from which layers ask for theirs.
///
/// ```swift
/// let root = ParameterScope(RandomParameters(seed: 1))
/// let head = try Linear(inputSize: 256, outputSize: 65, in: root["head"])
/// root.parameters.map(\.path)  // ["head.weight", "head.bias"]
/// ```
///
/// The same constructor makes a new model or loads a stored one, depending on the source.
public struct ParameterScope {
  /// Names from the root to here, joined by dots; empty at the root.
  public let path: String
  private let source: any ParameterSource
  private let store: ParameterStore

  /// The root of a new model whose values come from `source`.
  public init(_ source: any ParameterSource) {
    self.init(path: "", source: source, store: ParameterStore())
  }

  private init(path: String, source: any ParameterSource, store: ParameterStore) {
    self.path = path
    self.source = source
    self.store = store
  }

  /// The scope called `name` below this one.
  public subscript(name: String) -> ParameterScope {
    ParameterScope(path: pathOf(name), source: source, store: store)
  }

  /// The scope of a numbered part below this one.
  public subscript(index: Int) -> ParameterScope {
    self["\(index)"]
  }

  /// Makes the parameter called `name` here. Throws what the source throws.
  ///
  /// Requires a name that nothing else has here: to share a parameter, pass it on.
  public func parameter(
    _ name: String, _ shape: Shape, _ initializer: Initializer
  ) throws -> Parameter {
    let path = pathOf(name)
    let value = try source.tensor(at: path, shape: shape, initializer)
    require(
      value.shape == shape, "\(path): the source gave shape \(value.shape) instead of \(shape)")
    let parameter = Parameter(path: path, value: value)
    store.add(parameter)
    return parameter
  }

  /// All parameters made so far in the whole tree this scope belongs to, in the order they were
  /// made.
  public var parameters: [Parameter] { store.parameters }

  private func pathOf(_ name: String) -> String {
    require(!name.isEmpty, "parameter scope '\(path)': a name below it is empty")
    return path.isEmpty ? name : "\(path).\(name)"
  }
}

/// The parameters of one tree of scopes.
private final class ParameterStore {
  private(set) var parameters: [Parameter] = []
  private var paths: Set<String> = []

  func add(_ parameter: Parameter) {
    require(
      paths.insert(parameter.path).inserted, "parameter '\(parameter.path)' is made a second time")
    parameters.append(parameter)
  }
}
