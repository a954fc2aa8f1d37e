public import TextLMTensors

/// One evaluation of a model: which values its parameters have, how numbers are multiplied, where
/// random numbers come from, and, in training, the tape that gradients are computed from.
///
/// A training pass is one step. An inference pass may live as long as the weights stay the same, a
/// whole generation for example: it keeps what it derived from them, packed matrices and projected
/// tables, and does not see later changes of parameters. A pass belongs to one task.
public final class ForwardPass {
  /// What a pass is for.
  public enum Mode: Sendable {
    /// Gradients are recorded and dropout drops.
    case training
    /// No random number is drawn, and nothing is recorded unless the pass is one for adapting.
    case inference
  }

  /// What this pass is for.
  public let mode: Mode
  /// The operands' format in matrix products.
  public let precision: ComputePrecision
  /// Where dropout takes its masks from.
  public var random: RandomSource
  /// Where operations are recorded; nil where none are.
  public let tape: GradientTape?
  /// What training does against learning by heart; off in inference.
  public let regularization: Regularization
  /// What the loss should contain beside the cross-entropy, of shape `[]`; nil for nothing.
  public internal(set) var penalty: Tensor?
  let packs: PackCache
  private(set) var parameters: [Parameter] = []
  private var values: [Parameter.ID: Tensor] = [:]
  private var maskedValues: [Parameter.ID: Tensor] = [:]
  private var derivedValues: [Parameter.ID: [Tensor]] = [:]
  private var projectedTables: [ProjectedTable: Tensor] = [:]
  private let frozenPaths: Set<String>

  private struct ProjectedTable: Hashable {
    let table: Tensor.ID
    let weight: Tensor.ID
  }

  private init(
    mode: Mode, precision: ComputePrecision, random: RandomSource, tape: GradientTape?,
    regularization: Regularization, frozenPaths: Set<String>, packs: PackCache? = nil
  ) {
    self.mode = mode
    self.precision = precision
    self.random = random
    self.tape = tape
    self.regularization = regularization
    self.frozenPaths = frozenPaths
    self.packs = packs ?? PackCache(precision: precision)
  }

  /// A pass for using a model.
  public static func inference(precision: ComputePrecision = .float32) -> ForwardPass {
    ForwardPass(
      mode: .inference, precision: precision, random: RandomSource(seed: 0), tape: nil,
      regularization: .none, frozenPaths: [])
  }

  /// A pass for another thread that begins with all that this one, one of inference that records nothing, has derived
  /// from the weights.
  public func copy() -> ForwardPass {
    precondition(
      mode == .inference && tape == nil, "forward pass: one that records cannot be copied")
    let copy = ForwardPass(
      mode: mode, precision: precision, random: random, tape: nil, regularization: regularization,
      frozenPaths: frozenPaths, packs: packs.copy())
    copy.parameters = parameters
    copy.values = values
    copy.maskedValues = maskedValues
    copy.derivedValues = derivedValues
    copy.projectedTables = projectedTables
    return copy
  }

  /// A pass for one training step that draws from `random`.
  ///
  /// Parameters at `frozenPaths` are constants in it: they have no gradient, nothing is computed for
  /// one, and they do not count in the gradients' norm.
  public static func training(
    random: RandomSource, precision: ComputePrecision = .float32,
    regularization: Regularization = .none, frozenPaths: Set<String> = []
  ) -> ForwardPass {
    ForwardPass(
      mode: .training, precision: precision, random: random, tape: GradientTape(),
      regularization: regularization, frozenPaths: frozenPaths)
  }

  /// A pass that computes what inference computes and records it: for a model that goes on learning
  /// from a text while it measures it.
  static func adapting(precision: ComputePrecision) -> ForwardPass {
    ForwardPass(
      mode: .inference, precision: precision, random: RandomSource(seed: 0), tape: GradientTape(),
      regularization: .none, frozenPaths: [])
  }

  /// The value that `parameter` has in this pass: the one it had when the pass first asked.
  public func value(of parameter: Parameter) -> Tensor {
    if let value = values[parameter.id] { return value }
    let value = parameter.value
    values[parameter.id] = value
    parameters.append(parameter)
    if !frozenPaths.contains(parameter.path) { tape?.watch(value) }
    return value
  }

  /// Asks for the gradient with respect to `tensor`, an input of the model; without effect in
  /// inference.
  public func watch(_ tensor: Tensor) {
    tape?.watch(tensor)
  }

  /// Whether gradients flow to `tensor`.
  func tracks(_ tensor: Tensor) -> Bool {
    tape?.tracks(tensor) ?? false
  }

  /// The value of `parameter` as `mask` changes it the first time: one mask a pass.
  func masked(_ parameter: Parameter, _ mask: (Tensor) -> Tensor) -> Tensor {
    if let value = maskedValues[parameter.id] { return value }
    let value = mask(value(of: parameter))
    maskedValues[parameter.id] = value
    return value
  }

  /// What `make` makes of `parameter` the first time: once a pass.
  func derived(from parameter: Parameter, _ make: () -> [Tensor]) -> [Tensor] {
    if let values = derivedValues[parameter.id] { return values }
    let values = make()
    derivedValues[parameter.id] = values
    return values
  }

  /// `weight`, or its transpose, in the order the kernels want; packed once a pass.
  func packed(_ weight: Tensor, transposed: Bool) -> PackedMatrix {
    packs.packed(weight, transposed: transposed)
  }

  /// The rows of `table` sent through a layer with `weight`, computed by `make` the first time.
  func projectedTable(_ table: Tensor, weight: Tensor, _ make: () -> Tensor) -> Tensor {
    let key = ProjectedTable(table: table.id, weight: weight.id)
    if let projected = projectedTables[key] { return projected }
    let projected = make()
    projectedTables[key] = projected
    return projected
  }
}
