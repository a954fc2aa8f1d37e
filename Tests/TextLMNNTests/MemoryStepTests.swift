import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

/// One step of a memory, given what a controller would say: without training, so what heads do is known.
@Suite("Memories do what their papers say")
struct MemoryStepTests {
  private let pass = ForwardPass.inference()

  /// A number that the logistic function makes 1.
  private let yes: Float = 20

  /// What one read head and the write head of a computer with W = N are told, in the paper's order.
  private struct DNCCommand {
    var readKey = 0, writeKey = 0, written = 0
    var writes: Float = -20, frees: Float = -20
    /// Backward, content, forward.
    var modes: [Float] = [0, 20, 0]

    func interface(slots: Int) -> Tensor {
      func unit(_ place: Int) -> [Float] { (0..<slots).map { $0 == place ? 1 : 0 } }
      let erase = [Float](repeating: -20, count: slots)
      let numbers =
        unit(readKey) + [20] + unit(writeKey) + [20] + erase + unit(written) + [frees, 20, writes]
        + modes
      return Tensor(numbers, shape: [1, numbers.count])
    }
  }

  private func run(
    _ commands: [DNCCommand], slots: Int
  ) -> [(reading: [Float], writing: [Float])] {
    let layout = DNCLayout(slotCount: slots, slotSize: slots, readHeadCount: 1)
    var states = layout.stateShapes(batchSize: 1).map { Tensor(zeros: $0) }
    return commands.map { command in
      states =
        pass.dncStep(layout, interface: command.interface(slots: slots), states: states).states
      return (states[4].array, states[5].array)
    }
  }

  /// Where a weighting is, if it is at one slot alone.
  private func slot(_ weights: [Float], within tolerance: Float = 1e-3) -> Int? {
    weights.firstIndex { abs($0 - 1) < tolerance }
  }

  @Test("A DNC's writes use every slot once; one that is freed is the next to be given out")
  func allocation() {
    let slots = 6
    let writes = (0..<slots).map { DNCCommand(written: $0, writes: yes) }
    // What was written second is found by its content, then freed, then something is written.
    let read = DNCCommand(readKey: 1)
    let freeing = DNCCommand(readKey: 1, written: 0, writes: yes, frees: yes)
    let steps = run(writes + [read, freeing], slots: slots)
    let written = steps.prefix(slots).map { slot($0.writing) }
    #expect(Set(written) == Set(0..<slots))
    #expect(slot(steps[slots].reading) == written[1])
    #expect(slot(steps[slots + 1].writing) == written[1])
  }

  @Test("A DNC follows the order of writing, forwards and backwards")
  func temporalLinks() {
    let slots = 6
    let writes = [3, 5, 2].map { DNCCommand(written: $0, writes: yes) }
    let written = run(writes, slots: slots).map { slot($0.writing) }
    #expect(Set(written).count == 3)
    func follow(from key: Int, _ modes: [Float]) -> [Int?] {
      let commands = [DNCCommand(readKey: key), DNCCommand(modes: modes), DNCCommand(modes: modes)]
      return run(writes + commands, slots: slots).suffix(3).map { slot($0.reading) }
    }
    #expect(follow(from: 3, [0, 0, 20]) == written)
    #expect(follow(from: 2, [20, 0, 0]) == written.reversed())
  }

  @Test("Least-recently-used access goes through all slots before it uses one again")
  func leastRecentlyUsed() {
    let slots = 6
    let layout = LRUALayout(slotCount: slots, slotSize: slots, headCount: 1)
    var states = [
      Tensor(repeating: 1e-6, shape: [1, slots, slots]),
      Tensor(oneHot: [0], width: slots).reshaped(to: [1, 1, slots]),
      Tensor(oneHot: [0], width: slots),
    ]
    var written: [Int?] = []
    for step in 0..<2 * slots {
      let before = states[2].array
      let result = pass.lruaStep(
        layout,
        keys: Tensor(oneHot: [Int32(step % slots)], width: slots)
          .reshaped(to: [1, 1, slots]), gates: Tensor([-20], shape: [1, 1]),
        strengths: Tensor([5], shape: [1, 1]), states: states)
      states = result.states
      let place = slot(result.writing.array)
      written.append(place)
      #expect(place.map { before[$0] } == before.min(), "step \(step)")
    }
    #expect(written == [1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0])
  }

  @Test("A machine's head moves by the shift it is told to, around the ends too", arguments: -2...2)
  func shifts(by shift: Int) {
    let layout = NTMLayout(
      slotCount: 5, slotSize: 1, readHeadCount: 1, writeHeadCount: 1, shiftCount: 5)
    // Key, strength, gate (to where it was), shifts -2 ... 2, sharpness; then erase and add.
    let shifts: [Float] = (-2...2).map { $0 == shift ? 20 : -20 }
    let head: [Float] = [1, 0, -20] + shifts + [20]
    let interface = head + head + [0, 0]
    let logits: [Float] = [-20, -20, -20, -20, 0]
    let step = pass.ntmStep(
      layout, interface: Tensor(interface, shape: [1, interface.count]),
      logits: Tensor(logits + logits, shape: [1, 2, 5]),
      memory: Tensor([1, 2, 3, 4, 5], shape: [1, 1, 5]))
    let place = (4 + shift) % 5
    #expect(slot(step.logits[rows: 0..<1].exponential().array) == place)
    expectClose(Double(step.reads.item), Double(place + 1), tolerance: 1e-4, "what was read")
  }

  @Test("Steps with several heads: gradients match differences")
  func gradients() {
    let ntm = NTMLayout(
      slotCount: 5, slotSize: 3, readHeadCount: 2, writeHeadCount: 2, shiftCount: 5)
    checkGradients(
      "ntm",
      inputs: [
        fill(1, [2, ntm.interfaceSize], 1), fill(2, [2, 4, 5], 1), fill(3, [2, 3, 5], 1),
      ]
    ) { pass, inputs in
      let step = pass.ntmStep(ntm, interface: inputs[0], logits: inputs[1], memory: inputs[2])
      return joined([step.reads, step.logits, step.memory], pass)
    }
    let dnc = DNCLayout(slotCount: 4, slotSize: 3, readHeadCount: 2)
    let usages = Tensor([0.1, 0.9, 0.5, 0.3, 0.6, 0.2, 0.4, 0.8], shape: [2, 4])
    var states = dnc.stateShapes(batchSize: 2).enumerated().map { fill($0 + 2, $1, 0.3) }
    states[1] = usages
    states[5] = usages.scaled(by: 0.1)
    checkGradients(
      "dnc", inputs: [fill(1, [2, dnc.interfaceSize], 1)] + states, differenceStep: 1 / 128
    ) { pass, inputs in
      let step = pass.dncStep(dnc, interface: inputs[0], states: Array(inputs.dropFirst()))
      return joined([step.reads] + step.states, pass)
    }
    let lrua = LRUALayout(slotCount: 4, slotSize: 3, headCount: 2)
    checkGradients(
      "lrua",
      inputs: [
        fill(1, [2, 2, 3], 1), fill(2, [2, 2], 1), fill(3, [2, 2], 2), fill(4, [2, 3, 4], 1),
        fill(5, [2, 2, 4], 0.5), usages,
      ]
    ) { pass, inputs in
      let step = pass.lruaStep(
        lrua, keys: inputs[0], gates: inputs[1], strengths: inputs[2],
        states: Array(inputs.dropFirst(3)))
      return joined([step.reads, step.writing] + step.states, pass)
    }
  }

  /// All elements of all tensors, [1, n].
  private func joined(_ tensors: [Tensor], _ pass: ForwardPass) -> Tensor {
    let rows = tensors.map { $0.reshaped(to: [1, $0.shape.count]) }
    return rows.dropFirst().reduce(rows[0]) { pass.concatenate($0, $1) }
  }
}
