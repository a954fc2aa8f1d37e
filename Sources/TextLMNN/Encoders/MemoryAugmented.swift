public import TextLMTensors

/// A controller with a memory beside it, which it reads and writes at every step.
///
/// ```
/// h = controller(x, r₋₁);  r, memory = access(h, memory);  y = [h; r]
/// ```
///
/// The memory is carried from window to window like any state; its gradient ends with the window.
/// Parameters are the controller's and, under `heads`, those of the access. Work a step does not depend
/// on the steps before.
public struct MemoryAugmented<Access: MemoryAccess>: CausalEncoder, MemoryTracing {
  private let controller: MemoryController
  private let access: Access

  init(controller: MemoryController, access: Access) {
    self.controller = controller
    self.access = access
  }

  /// Width of the inputs.
  public var inputSize: Int { controller.inputSize }
  /// H + R · W.
  public var outputSize: Int { controller.hiddenSize + access.readSize }

  /// An empty memory, no reads and the controller's zeros.
  public func initialState(batchSize: Int) -> MemoryAugmentedState<Access.State> {
    MemoryAugmentedState(
      controller: controller.initialState(batchSize: batchSize),
      reads: Tensor(zeros: [batchSize, access.readSize]),
      memory: access.initialState(batchSize: batchSize))
  }

  /// Runs controller and memory over T steps.
  public func callAsFunction(
    _ input: Tensor, state: inout MemoryAugmentedState<Access.State>, _ pass: ForwardPass
  ) -> Tensor {
    run(projected: controller.project(input, pass), state: &state, pass) { _ in }
  }

  /// The same for tokens, whose table is projected once where no row begins anew in between.
  public func callAsFunction(
    tokens: TokenBatch, table: Tensor, state: inout MemoryAugmentedState<Access.State>,
    _ pass: ForwardPass
  ) -> Tensor {
    guard tokens.restarts == .none, projectsTable(of: table.shape[0], tokens, pass) else {
      return self(
        pass.gather(tokens, from: table), restarts: tokens.restarts, state: &state, pass)
    }
    let weight = pass.value(of: controller.inputWeight)
    let projected = pass.projectedTable(table, weight: weight) { controller.project(table, pass) }
    return run(projected: pass.gather(tokens, from: projected), state: &state, pass) { _ in }
  }

  /// Encodes one sequence and tells where its heads looked.
  public func trace(
    _ input: Tensor, state: inout MemoryAugmentedState<Access.State>, _ pass: ForwardPass
  ) -> (output: Tensor, maps: [MemoryMap]) {
    require(
      input.shape.rank == 3 && input.shape[1] == 1,
      "memory trace: the input has shape \(input.shape), not [steps, 1, width]")
    var names: [String] = []
    var rows: [[Float]] = []
    let output = run(projected: controller.project(input, pass), state: &state, pass) { step in
      if rows.isEmpty {
        names = step.flatMap { weighting in
          let count = weighting.headCount
          return (1...count).map { count == 1 ? weighting.name : "\(weighting.name) \($0)" }
        }
        rows = Array(repeating: [], count: names.count)
      }
      for (index, weights) in step.flatMap(\.ofFirstRow).enumerated() { rows[index] += weights }
    }
    let maps = zip(names, rows).map { name, row in
      MemoryMap(
        name: name,
        weights: Tensor(row, shape: [input.shape[0], row.count / input.shape[0]]))
    }
    return (output, maps)
  }

  /// The recurrence, given the input's part of the controller's pre-activations, [T, B, G];
  /// `observe` gets where heads looked at each step.
  private func run(
    projected: Tensor, state: inout MemoryAugmentedState<Access.State>, _ pass: ForwardPass,
    observe: ([MemoryWeighting]) -> Void
  ) -> Tensor {
    let recurrence = controller.recurrence(pass)
    let interface = access.interface(pass)
    var outputs: [Tensor] = []
    for step in pass.steps(of: projected) {
      let hidden = controller.step(
        step, reads: state.reads, joined: outputs.last, state: &state.controller, recurrence, pass)
      let found = access.step(hidden, state: &state.memory, interface, pass)
      state.reads = found.reads
      observe(found.weightings)
      outputs.append(pass.concatenate(hidden, found.reads))
    }
    return pass.sequence(of: outputs)
  }

  /// Whether to project a whole table of `rowCount` rows: in training that must save rows, in
  /// inference the result serves the whole pass and only must not be huge.
  private func projectsTable(of rowCount: Int, _ tokens: TokenBatch, _ pass: ForwardPass) -> Bool {
    switch pass.mode {
    case .training: rowCount <= tokens.tokens.count
    case .inference: rowCount * 4 * controller.hiddenSize <= 1 << 24
    }
  }
}

/// What a memory-augmented encoder remembers.
public struct MemoryAugmentedState<Memory: EncoderState>: EncoderState {
  /// What the controller remembers by itself.
  public var controller: MemoryControllerState
  /// What was read at the last step, [B, R · W].
  public var reads: Tensor
  /// The memory and where heads looked.
  public var memory: Memory

  /// Maps controller, reads and memory.
  public func mapTensors(
    _ transform: (Tensor) throws -> Tensor
  ) rethrows -> MemoryAugmentedState {
    try MemoryAugmentedState(
      controller: controller.mapTensors(transform), reads: transform(reads),
      memory: memory.mapTensors(transform))
  }
}
