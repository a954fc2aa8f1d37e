import TextLMTensors
import Testing

@Suite("Gradient tape")
struct GradientTapeTests {
  private let x = Tensor(3)

  @Test("A tensor used twice gets the sum of both gradients")
  func sumOfUses() {
    let tape = GradientTape()
    tape.watch(x)
    let (a, b, y) = (Tensor(0), Tensor(0), Tensor(0))
    tape.record(output: a, inputs: [x]) { [$0.scaled(by: 2)] }
    tape.record(output: b, inputs: [x]) { [$0.scaled(by: 5)] }
    tape.record(output: y, inputs: [a, b]) { [$0, $0] }
    #expect(tape.gradients(of: y, seed: Tensor(1))[x]?.item == 7)
  }

  @Test("What does not depend on watched tensors is not recorded")
  func unwatched() {
    let tape = GradientTape()
    tape.watch(x)
    let (other, y, z) = (Tensor(1), Tensor(0), Tensor(0))
    tape.record(output: y, inputs: [other]) { _ in
      Issue.record("a backward closure ran for nothing")
      return []
    }
    tape.record(output: z, inputs: [y, x]) { [$0, $0] }
    #expect(!tape.tracks(y) && tape.tracks(z))
    let gradients = tape.gradients(of: z, seed: Tensor(1))
    #expect(gradients[x]?.item == 1)
    #expect(gradients[y] == nil)
  }

  @Test("Results that nothing depends on arrive as nil")
  func severalOutputs() {
    let tape = GradientTape()
    tape.watch(x)
    let (used, unused) = (Tensor(0), Tensor(0))
    tape.record(outputs: [unused, used], inputs: [x.id]) { gradients in
      #expect(gradients[0] == nil)
      return [gradients[1]?.scaled(by: 4)]
    }
    #expect(tape.gradients(of: used, seed: Tensor(2))[x]?.item == 8)
  }

  @Test("Gradients come in the shape of the tensor, though it was used reshaped")
  func reshaping() {
    let tape = GradientTape()
    let matrix = Tensor([1, 2, 3, 4], shape: [2, 2])
    tape.watch(matrix)
    let (row, y) = (Tensor(zeros: [4]), Tensor(zeros: [4]))
    tape.record(output: row, inputs: [matrix.reshaped(to: [4])]) { gradient in
      #expect(gradient.shape == [4])
      return [gradient]
    }
    tape.record(output: y, inputs: [row.reshaped(to: [2, 2])]) { [$0.reshaped(to: [2, 2])] }
    let gradient = tape.gradients(of: y, seed: Tensor([5, 6, 7, 8], shape: [4]))[matrix]
    #expect(gradient?.shape == [2, 2] && gradient?.array == [5, 6, 7, 8])
  }

  @Test("Each closure and what it holds is released before the next runs")
  func earlyRelease() {
    final class Activations {}
    let tape = GradientTape()
    tape.watch(x)
    let (y, z) = (Tensor(0), Tensor(0))
    weak var kept: Activations?
    func recordBoth() {
      let activations = Activations()
      kept = activations
      tape.record(output: y, inputs: [x]) { [weak activations] in
        #expect(activations == nil)
        return [$0]
      }
      tape.record(output: z, inputs: [y]) { gradient in
        withExtendedLifetime(activations) { [gradient] }
      }
    }
    recordBoth()
    #expect(kept != nil)
    _ = tape.gradients(of: z, seed: Tensor(1))
  }

  @Test("A long chain does not overflow the stack")
  func longChain() {
    let tape = GradientTape()
    tape.watch(x)
    var last = x
    for _ in 0..<200_000 {
      let next = Tensor(0)
      tape.record(output: next, inputs: [last]) { [$0] }
      last = next
    }
    #expect(tape.gradients(of: last, seed: Tensor(1))[x]?.item == 1)
  }
}
