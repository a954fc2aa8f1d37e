import TextLMTensors

/// How many steps an optimizer has taken, in all and for each parameter.
///
/// They differ where a parameter was frozen or had no gradient for a while: its moments start when it
/// does, so what corrects for their start must count from there.
struct StepCounts: Sendable {
  /// All steps.
  private(set) var total = 0
  /// By path, the steps that passed a parameter by.
  private var skipped: [String: Int] = [:]

  /// A further step begins.
  mutating func advance() { total += 1 }

  /// The present step passes a parameter by.
  mutating func skip(_ parameter: Parameter) { skipped[parameter.path, default: 0] += 1 }

  /// Steps that have changed a parameter, the present one included.
  func updates(of parameter: Parameter) -> Int { total - (skipped[parameter.path] ?? 0) }

  /// `skipped_steps.path` for each parameter that was passed by, a number each.
  var tensors: [String: Tensor] {
    Dictionary(
      uniqueKeysWithValues: skipped.map { ("\(Self.name).\($0.key)", Tensor(Float($0.value))) })
  }

  /// Counts as they were after `total` steps, when their `tensors` were as given.
  static func restored(
    total: Int, _ tensors: [String: Tensor], for parameters: [Parameter]
  ) throws(ParameterError) -> StepCounts {
    var counts = StepCounts()
    counts.total = total
    for parameter in parameters {
      let path = "\(name).\(parameter.path)"
      guard let stored = tensors[path] else { continue }
      guard stored.shape == [] else {
        throw .shape(path: path, expected: [], found: stored.shape)
      }
      guard let count = Int(exactly: stored.item), (0...total).contains(count) else {
        throw .value(path: path, found: stored.item)
      }
      counts.skipped[parameter.path] = count
    }
    return counts
  }

  private static let name = "skipped_steps"
}
