import TextLMTensors

/// One number that an optimizer keeps for each element of each parameter, such as a mean gradient.
struct OptimizerSlot: Sendable {
  /// What it is called in checkpoints, before the parameter's path.
  let name: String
  /// By the parameters' paths; absent until the parameter's first update.
  private var values: [String: Tensor] = [:]

  init(_ name: String) {
    self.name = name
  }

  /// The numbers of a parameter, zeros at first. Changed where they lie in the dictionary: taking
  /// them out would make a copy of each.
  subscript(parameter: Parameter) -> Tensor {
    get { values[parameter.path, default: Tensor(zeros: parameter.shape)] }
    _modify { yield &values[parameter.path, default: Tensor(zeros: parameter.shape)] }
  }

  /// The same for a rule that may do without: where not `isUsed` nil, and nothing is kept.
  subscript(optional parameter: Parameter, isUsed: Bool) -> Tensor? {
    get { isUsed ? self[parameter] : nil }
    _modify {
      if isUsed, values[parameter.path] == nil {
        values[parameter.path] = Tensor(zeros: parameter.shape)
      }
      yield &values[parameter.path]
    }
  }

  /// All numbers as `name.path`.
  var tensors: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: values.map { ("\(name).\($0.key)", $0.value) })
  }

  /// The slot as it was when its `tensors` were as given.
  func restored(
    _ tensors: [String: Tensor], for parameters: [Parameter]
  ) throws(ParameterError) -> OptimizerSlot {
    let source = StoredParameters(tensors)
    var slot = OptimizerSlot(name)
    for parameter in parameters {
      slot.values[parameter.path] = try source.tensor(
        at: "\(name).\(parameter.path)", shape: parameter.shape, .zeros)
    }
    return slot
  }
}

extension [[String: Tensor]] {
  /// One dictionary of all; names are apart by their slots.
  func joined() -> [String: Tensor] {
    reduce(into: [:]) { $0.merge($1) { first, _ in first } }
  }
}
