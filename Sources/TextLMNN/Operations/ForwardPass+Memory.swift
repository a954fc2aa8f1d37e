package import TextLMTensors

extension ForwardPass {
  /// One step of LSTM cells from their pre-activations [B, 4H].
  package func lstmCell(_ preactivations: Tensor, cell: Tensor) -> LSTMState {
    let step = LSTMCellStep(preactivations: preactivations, cell: cell)
    tape?.record(outputs: [step.hidden, step.cell], inputs: [preactivations.id, cell.id]) {
      let gradients = step.gradients(hidden: $0[0], cell: $0[1])
      return [gradients.preactivations, gradients.cell]
    }
    return LSTMState(hidden: step.hidden, cell: step.cell)
  }

  /// One step of a neural Turing machine's heads and memory; see `NTMStep`.
  package func ntmStep(
    _ layout: NTMLayout, interface: Tensor, logits: Tensor, memory: Tensor
  ) -> NTMStep {
    let step = NTMStep(layout, interface: interface, logits: logits, memory: memory)
    tape?.record(
      outputs: [step.reads, step.logits, step.memory], inputs: [interface.id, logits.id, memory.id]
    ) {
      step.gradients(reads: $0[0], logits: $0[1], memory: $0[2])
    }
    return step
  }

  /// One step of a differentiable neural computer's heads and memory; see `DNCStep`.
  package func dncStep(_ layout: DNCLayout, interface: Tensor, states: [Tensor]) -> DNCStep {
    let step = DNCStep(layout, interface: interface, states: states)
    tape?.record(
      outputs: [step.reads] + step.states, inputs: [interface.id] + states.map(\.id)
    ) {
      step.gradients(reads: $0[0], states: Array($0.dropFirst()))
    }
    return step
  }

  /// One step of least-recently-used access; see `LRUAStep`.
  package func lruaStep(
    _ layout: LRUALayout, keys: Tensor, gates: Tensor, strengths: Tensor, states: [Tensor]
  ) -> LRUAStep {
    let step = LRUAStep(
      layout, interface: LRUAStep.Interface(keys: keys, gates: gates, strengths: strengths),
      states: states)
    tape?.record(
      outputs: [step.reads, step.writing] + step.states,
      inputs: [keys.id, gates.id, strengths.id] + states.map(\.id)
    ) {
      step.gradients(reads: $0[0], states: Array($0.dropFirst(2)), writing: $0[1])
    }
    return step
  }
}
