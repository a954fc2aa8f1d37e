import TextLMTensors
import TextLMTestSupport
import Testing

/// Memory is written over where nobody else looks at it, and only there.
@Suite("Writing over tensors")
struct OverwritingTests {
  private let step = AdamStep(
    decayRates: (0.9, 0.999), corrections: (0.1, 0.001), epsilon: 1e-8)
  private let terms = UpdateTerms(learningRate: 0.1)

  private func address(_ tensor: Tensor) -> Int {
    tensor.withUnsafeBuffer { Int(bitPattern: $0.baseAddress) }
  }

  @Test("An optimizer step changes tensors where they lie, under a new identity")
  func inPlace() {
    var (value, first, second) = (fill(1, [64]), Tensor(zeros: [64]), Tensor(zeros: [64]))
    let (before, id) = ([value, first, second].map(address), value.id)
    step(&value, firstMoment: &first, secondMoment: &second, gradient: fill(2, [64]), terms)
    #expect([value, first, second].map(address) == before)
    #expect(value.id != id)
  }

  @Test("Copies, slices and reshaped tensors keep what they had")
  func shared() {
    for share: (Tensor) -> Tensor in [
      { $0 }, { $0[rows: 8..<16] }, { $0.reshaped(to: [8, 8]) }, { $0.detached() },
    ] {
      var (value, first, second) = (fill(1, [64]), Tensor(zeros: [64]), Tensor(zeros: [64]))
      let kept = share(value)
      let before = kept.array
      step(&value, firstMoment: &first, secondMoment: &second, gradient: fill(2, [64]), terms)
      #expect(kept.array == before)
      #expect(share(value).array != before)
    }
  }

  @Test("An LSTM run writes its gates over its input, and gradients over the gates")
  func lstmTrace() {
    func address(afterRunning projected: consuming Tensor) -> Int {
      let recurrent = fill(2, [16, 4])
      let state = Tensor(zeros: [2, 4])
      let trace = LSTMTrace(
        projected: projected,
        recurrent: PackedMatrix(recurrent, transposed: true, precision: .float32),
        initialHidden: state, initialCell: state, restarts: nil)
      let ones = Tensor(repeating: 1, shape: [3, 2, 4])
      let gradients = (consume trace).gradients(
        hidden: ones, lastHidden: nil, lastCell: nil,
        recurrent: PackedMatrix(recurrent, transposed: false, precision: .float32))
      return self.address(gradients.preactivations)
    }
    let unshared = fill(1, [3, 2, 16])
    let before = self.address(unshared)
    let after = address(afterRunning: consume unshared)
    #expect(after == before)

    let shared = fill(1, [3, 2, 16])
    #expect(address(afterRunning: shared) != self.address(shared))
    expectIdentical(shared, fill(1, [3, 2, 16]), "input that somebody else holds")
  }
}
