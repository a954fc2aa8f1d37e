import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Operations: values and gradients")
struct OperationTests {
  private let x = fill(1, [2, 3, 4], 1)  // [T, B, D]
  private let y = fill(2, [2, 3, 4], 1)
  private let tokens = TokenBatch([2, 0, 2, 1], timeLength: 2, batchSize: 2)

  @Test func gradientsMatchDifferences() {
    checkGradients("add", inputs: [x, y]) { $0.add($1[0], $1[1]) }
    checkGradients("add to itself", inputs: [x]) { $0.add($1[0], $1[0]) }
    checkGradients("multiply", inputs: [x, y]) { $0.multiply($1[0], $1[1]) }
    checkGradients("square", inputs: [x]) { $0.multiply($1[0], $1[0]) }
    checkGradients("tanh", inputs: [x]) { $0.tanh($1[0]) }
    checkGradients("sigmoid", inputs: [x]) { $0.sigmoid($1[0]) }
    checkGradients("dropout", inputs: [x]) { $0.dropout($1[0], rate: 0.4) }
    checkGradients("sum", inputs: [x]) { $0.sum($1[0]) }
    checkGradients("mean", inputs: [x]) { $0.mean($1[0]) }
    checkGradients("concatenate", inputs: [x, fill(3, [2, 3, 1])]) {
      $0.concatenate($1[0], $1[1])
    }
    checkGradients("reverse", inputs: [x]) { $0.reverseInTime($1[0], lengths: [2, 0, 1]) }
    checkGradients("zero padding", inputs: [x]) { $0.zeroPadding($1[0], lengths: [2, 0, 1]) }
    checkGradients("matmul", inputs: [x, fill(3, [4, 5])]) { $0.matmul($1[0], $1[1]) }
    checkGradients("linear", inputs: [x, fill(3, [5, 4]), fill(4, [5])]) {
      $0.linear($1[0], weight: $1[1], bias: $1[2])
    }
    checkGradients("linear without bias", inputs: [x, fill(3, [5, 4])]) {
      $0.linear($1[0], weight: $1[1])
    }
    checkGradients("gather", inputs: [fill(3, [4, 5])]) { [tokens] in $0.gather(tokens, from: $1[0])
    }
    checkGradients("cross entropy", inputs: [x]) {
      $0.softmaxCrossEntropy($1[0], targets: [0, 3, -1, 2, 1, -1])
    }
    checkGradients("scaled cross entropy", inputs: [x]) { pass, inputs in
      let loss = pass.softmaxCrossEntropy(inputs[0], targets: [0, 3, -1, 2, 1, -1])
      return pass.multiply(loss, Tensor(3))
    }
    checkGradients("a reshaped tensor", inputs: [x]) {
      $0.linear($0.tanh($1[0]).reshaped(to: [4, 6]), weight: fill(3, [2, 6]))
    }
  }

  @Test("x Wᵀ + b")
  func linear() {
    // [1 2; 3 4] [1 0; 1 1; 0 2]ᵀ + [10, 20, 30]
    let output = ForwardPass.inference().linear(
      Tensor([1, 2, 3, 4], shape: [2, 2]), weight: Tensor([1, 0, 1, 1, 0, 2], shape: [3, 2]),
      bias: Tensor([10, 20, 30], shape: [3]))
    #expect(output.shape == [2, 3])
    #expect(output.array == [11, 23, 34, 13, 27, 38])
  }

  @Test func gatherTakesRows() {
    let table = Tensor([0, 1, 10, 11, 20, 21], shape: [3, 2])
    let output = ForwardPass.inference().gather(tokens, from: table)
    #expect(output.shape == [2, 2, 2])
    #expect(output.array == [20, 21, 0, 1, 20, 21, 10, 11])
  }

  @Test("Only the valid part of a row is reversed, twice is once not at all")
  func reversal() {
    let sequence = Tensor((0..<6).map(Float.init), shape: [3, 2, 1])  // rows 0 2 4 and 1 3 5
    let pass = ForwardPass.inference()
    let reversed = pass.reverseInTime(sequence, lengths: [3, 2])
    #expect(reversed.array == [4, 3, 2, 1, 0, 5])
    #expect(pass.reverseInTime(reversed, lengths: [3, 2]).array == sequence.array)
    #expect(pass.zeroPadding(sequence, lengths: [1, 2]).array == [0, 1, 0, 3, 0, 0])
  }

  @Test("Ignored targets count neither in the sum nor in the mean")
  func ignoredTargets() {
    let pass = ForwardPass.inference()
    let logits = fill(1, [3, 4], 2)
    let kept = pass.softmaxCrossEntropy(logits[rows: 1..<2], targets: [2])
    #expect(pass.softmaxCrossEntropy(logits, targets: [-1, 2, -1]).item == kept.item)
    #expect(pass.softmaxCrossEntropy(logits, targets: [-1, -1, -1]).item == 0)
  }

  @Test("Equal logits cost ln V, and a sure answer nothing")
  func crossEntropyOfKnownDistributions() {
    let pass = ForwardPass.inference()
    let uniform = pass.softmaxCrossEntropy(Tensor(repeating: 7, shape: [1, 65]), targets: [3])
    expectClose(Double(uniform.item), 4.174387269896, tolerance: 1e-6, "ln 65")
    let sure = pass.softmaxCrossEntropy(Tensor([200, 0, -200], shape: [1, 3]), targets: [0])
    #expect(sure.item == 0)
  }

  @Test("Dropout keeps the mean, draws only in training, and leaves inference alone")
  func dropout() {
    let ones = Tensor(repeating: 1, shape: [100, 100])
    let pass = ForwardPass.training(random: RandomSource(seed: 3))
    let dropped = pass.dropout(ones, rate: 0.25).array
    #expect(Set(dropped) == [0, 4.0 / 3])
    // 10,000 draws of variance rate / (1 − rate) = 1/3: the mean's standard deviation is 0.0058;
    // allow 5 of them.
    #expect(abs(dropped.reduce(0, +) / 10_000 - 1) < 0.029)
    #expect(pass.dropout(ones, rate: 0.25).array != dropped, "a second mask is a new one")
    let before = pass.random
    #expect(pass.dropout(ones, rate: 0).id == ones.id && pass.random == before)
    #expect(ForwardPass.inference().dropout(ones, rate: 0.25).id == ones.id)
  }
}
