/// The list of operations that led from some watched tensors to a result, walked backwards once for
/// gradients.
///
/// An operation is recorded only if one of its inputs is watched or came out of a recorded
/// operation; all others leave nothing behind. A tape belongs to one task.
public final class GradientTape {
  private struct Node {
    let outputs: [Tensor.ID]
    let outputShapes: [Shape]
    let inputs: [Tensor.ID]
    let backward: ([Tensor?]) -> [Tensor?]
  }

  private var nodes: [Node] = []
  private var tracked: Set<Tensor.ID> = []

  /// An empty tape.
  public init() {}

  /// Asks for the gradient of `tensor`, which must not be the result of an operation.
  public func watch(_ tensor: Tensor) {
    tracked.insert(tensor.id)
  }

  /// Whether gradients flow to `tensor`: it is watched, or depends on something watched.
  public func tracks(_ tensor: Tensor) -> Bool {
    tracked.contains(tensor.id)
  }

  /// Records an operation of one result.
  ///
  /// `backward` takes the gradient of the result, in the result's shape, and returns those of the
  /// inputs, in their order; nil where there is none or nobody asked. It runs at most once, and is
  /// released with all it holds as soon as it has run.
  public func record(
    output: Tensor, inputs: [Tensor], backward: @escaping (Tensor) -> [Tensor?]
  ) {
    record(outputs: [output], inputs: inputs.map(\.id)) { gradients in
      gradients[0].map(backward) ?? []
    }
  }

  /// Records an operation of several results.
  ///
  /// As above, with nil for results that nothing depends on; at least one gradient is given. Inputs
  /// are named by identity, so that an operation may write its results over an input.
  public func record(
    outputs: [Tensor], inputs: [Tensor.ID], backward: @escaping ([Tensor?]) -> [Tensor?]
  ) {
    guard inputs.contains(where: tracked.contains) else { return }
    for output in outputs { tracked.insert(output.id) }
    nodes.append(
      Node(
        outputs: outputs.map(\.id), outputShapes: outputs.map(\.shape), inputs: inputs,
        backward: backward))
  }

  /// Gradients of all watched tensors, given that of `output`, usually 1 for a loss. Empties the
  /// tape.
  ///
  /// Walks the operations from last to first and lets go of each one's saved tensors, and of the
  /// gradients of its results, once it is done, so memory falls while the walk proceeds. Requires a
  /// seed of the output's size.
  public func gradients(of output: Tensor, seed: Tensor) -> TensorGradients {
    require(
      output.shape.count == seed.shape.count,
      "gradients: the output is \(output.shape) and its gradient \(seed.shape)")
    var gradients: [Tensor.ID: Tensor] = [output.id: seed]
    while let node = nodes.popLast() {
      let outputGradients = zip(node.outputs, node.outputShapes).map { id, shape in
        gradients.removeValue(forKey: id)?.reshaped(to: shape)
      }
      guard outputGradients.contains(where: { $0 != nil }) else { continue }
      for (input, gradient) in zip(node.inputs, node.backward(outputGradients)) {
        guard let gradient, tracked.contains(input) else { continue }
        if let sum = gradients[input] {
          gradients[input] = sum.adding(gradient.reshaped(to: sum.shape))
        } else {
          gradients[input] = gradient
        }
      }
    }
    tracked.removeAll()
    return TensorGradients(gradients)
  }
}
