package import TextLMTensors

/// The matrix memory of xLSTM: a sum of products of keys and values, each step's faded by the forget
/// gates since, which a query reads.
///
/// ```
/// C = σ(f) C₋₁ + eⁱ k vᵀ;  n = σ(f) n₋₁ + eⁱ k
/// h = qᵀC / max(|qᵀn|, 1)
/// ```
///
/// All steps of a chunk are computed at once: with b the sum of ln σ(f) up to a step, what step s adds
/// to step t weighs exp(b_t − b_s + i_s), so that a chunk is a few matrix products. C and n are kept
/// divided by eᵐ, m being the logarithm of the sum of all weights, so that nothing overflows.
package struct MatrixMemory {
  /// Steps computed at once.
  static let chunkLength = 64

  /// What a head remembers.
  package struct State: EncoderState {
    /// C e⁻ᵐ, [B, N · W · W] for N heads of width W.
    var memory: Tensor
    /// n e⁻ᵐ, [B, N · W].
    var normalizer: Tensor
    /// m, [B, N].
    var logarithm: Tensor

    package func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> State {
      try State(
        memory: transform(memory), normalizer: transform(normalizer),
        logarithm: transform(logarithm))
    }
  }

  /// N.
  let headCount: Int
  /// W.
  let headSize: Int

  /// A memory of N heads of width W.
  package init(headCount: Int, headSize: Int) {
    (self.headCount, self.headSize) = (headCount, headSize)
  }

  /// Zeros.
  package func initialState(batchSize: Int) -> State {
    State(
      memory: Tensor(zeros: [batchSize, headCount * headSize * headSize]),
      normalizer: Tensor(zeros: [batchSize, headCount * headSize]),
      logarithm: Tensor(zeros: [batchSize, headCount]))
  }

  /// What a sequence brings: queries, keys and values [T, B, N · W], gates before activation [T, B, N].
  package struct Input {
    package var queries, keys, values, inputGates, forgetGates: Tensor

    /// Those tensors.
    package init(
      queries: Tensor, keys: Tensor, values: Tensor, inputGates: Tensor, forgetGates: Tensor
    ) {
      (self.queries, self.keys, self.values) = (queries, keys, values)
      (self.inputGates, self.forgetGates) = (inputGates, forgetGates)
    }

    /// The same in parts of the given lengths.
    func parts(lengths: [Int], _ pass: ForwardPass) -> [Input] {
      let parts = [queries, keys, values, inputGates, forgetGates].map {
        pass.splitInTime($0, lengths: lengths)
      }
      return lengths.indices.map {
        Input(
          queries: parts[0][$0], keys: parts[1][$0], values: parts[2][$0],
          inputGates: parts[3][$0], forgetGates: parts[4][$0])
      }
    }
  }

  /// Reads and writes T steps; returns h [T, B, N · W].
  package func callAsFunction(_ input: Input, state: inout State, _ pass: ForwardPass) -> Tensor {
    let time = input.queries.shape[0]
    let lengths = stride(from: 0, to: time, by: Self.chunkLength).map {
      min(Self.chunkLength, time - $0)
    }
    return pass.joinInTime(
      input.parts(lengths: lengths, pass).map { chunkOutput($0, &state, pass) })
  }

  private func chunkOutput(_ input: Input, _ state: inout State, _ pass: ForwardPass) -> Tensor {
    let (time, batch) = (input.queries.shape[0], input.queries.shape[1])
    let pairs = batch * headCount  // P, pairs of a row and a head
    /// [T, B, N · W] as [P, T, W].
    func byHead(_ tensor: Tensor) -> Tensor {
      pass.permute(tensor.reshaped(to: [time, batch, headCount, headSize]), [1, 2, 0, 3])
        .reshaped(to: [pairs, time, headSize])
    }
    let queries = byHead(input.queries)
    let keys = pass.scale(byHead(input.keys), by: 1 / Float(headSize).squareRoot())
    let values = byHead(input.values)
    let weights = weights(input, state.logarithm.reshaped(to: [pairs, 1]), pass)

    let memory = state.memory.reshaped(to: [pairs, headSize, headSize])
    let normalizer = state.normalizer.reshaped(to: [pairs, headSize, 1])
    let scores = pass.multiply(
      pass.batchedMatmul(queries, keys, transposeRight: true), weights.between)  // [P, T, T]
    let sums = pass.add(
      pass.batchedMatmul(scores, values),
      pass.multiply(pass.batchedMatmul(queries, memory), weights.ofState))  // [P, T, W]
    let divisors = pass.add(
      pass.sum(scores, axis: 2, keepingAxis: true),
      pass.multiply(pass.batchedMatmul(queries, normalizer), weights.ofState))  // [P, T, 1]
    let outputs = pass.multiply(
      sums, pass.reciprocal(larger(size(divisors, pass), weights.one, pass)))

    let faded = pass.multiply(keys, weights.atEnd)  // [P, T, W]
    state.memory = pass.add(
      pass.batchedMatmul(faded, values, transposeLeft: true),
      pass.multiply(memory, weights.ofStateAtEnd)
    ).reshaped(to: state.memory.shape)
    state.normalizer = pass.add(
      pass.sum(faded, axis: 1).reshaped(to: [pairs, headSize, 1]),
      pass.multiply(normalizer, weights.ofStateAtEnd)
    ).reshaped(to: state.normalizer.shape)
    state.logarithm = weights.logarithmAtEnd.reshaped(to: state.logarithm.shape)
    return pass.permute(
      outputs.reshaped(to: [batch, headCount, time, headSize]), [2, 0, 1, 3]
    ).reshaped(to: [time, batch, headCount * headSize])
  }

  /// What steps weigh, for P pairs of a row and a head.
  private struct Weights {
    /// Of step s for step t, over those steps' greatest weight, [P, T, T].
    let between: Tensor
    /// Of the state before, [P, T, 1].
    let ofState: Tensor
    /// Of 1, in the same units, [P, T, 1].
    let one: Tensor
    /// Of each step for the last, over all weights, [P, T, 1], and of the state, [P, 1, 1].
    let atEnd: Tensor
    let ofStateAtEnd: Tensor
    /// m after the last step, [P, 1].
    let logarithmAtEnd: Tensor
  }

  private func weights(_ input: Input, _ logarithm: Tensor, _ pass: ForwardPass) -> Weights {
    let time = input.inputGates.shape[0]
    let pairs = logarithm.shape[0]
    let shrinking = pass.scale(
      pass.softplus(pass.scale(input.forgetGates, by: -1)), by: -1
    ).reshaped(to: [time, pairs])
    let sums = pass.permute(pass.matmul(Self.lowerTriangle(time), shrinking), [1, 0])  // b [P, T]
    let gains = pass.subtract(
      pass.permute(input.inputGates.reshaped(to: [time, pairs]), [1, 0]), sums)  // i − b
    // Greatest weights so far; constants, since every output is a quotient that they cancel from.
    let greatest = Self.greatest(gains, from: logarithm)  // [P, T]
    let column: Shape = [pairs, time, 1]
    let differences = pass.subtract(
      gains.reshaped(to: [pairs, 1, time]), greatest.reshaped(to: column))
    let between = pass.exp(pass.add(differences, Self.futureMask(time)))
    let ofState = pass.exp(pass.subtract(logarithm, greatest)).reshaped(to: column)
    let one = pass.exp(pass.scale(pass.add(sums, greatest), by: -1)).reshaped(to: column)

    let top = greatest.columns(time - 1..<time)  // [P, 1]
    let total = pass.add(
      pass.sum(pass.exp(pass.subtract(gains, top)), axis: 1, keepingAxis: true),
      pass.exp(pass.subtract(logarithm, top)))
    let all = pass.add(pass.log(total), top)  // [P, 1]
    return Weights(
      between: between, ofState: ofState, one: one,
      atEnd: pass.exp(pass.subtract(gains, all)).reshaped(to: column),
      ofStateAtEnd: pass.exp(pass.subtract(logarithm, all)).reshaped(to: [pairs, 1, 1]),
      logarithmAtEnd: pass.add(all, pass.slice(sums, time - 1..<time, axis: 1)))
  }

  /// |x|.
  private func size(_ tensor: Tensor, _ pass: ForwardPass) -> Tensor {
    pass.add(pass.relu(tensor), pass.relu(pass.scale(tensor, by: -1)))
  }

  /// max(x, y).
  private func larger(_ left: Tensor, _ right: Tensor, _ pass: ForwardPass) -> Tensor {
    pass.add(right, pass.relu(pass.subtract(left, right)))
  }

  /// Ones for s <= t, [T, T]: with it a product sums up all steps so far.
  private static func lowerTriangle(_ time: Int) -> Tensor {
    Tensor((0..<time * time).map { $0 % time <= $0 / time ? 1 : 0 }, shape: [time, time])
  }

  /// What takes later steps' weights away when it is added to their logarithms, [1, T, T].
  private static func futureMask(_ time: Int) -> Tensor {
    Tensor((0..<time * time).map { $0 % time <= $0 / time ? 0 : -1e30 }, shape: [1, time, time])
  }

  /// The greatest of `start` [P, 1] and each row's numbers so far, [P, T].
  private static func greatest(_ numbers: Tensor, from start: Tensor) -> Tensor {
    let time = numbers.shape[1]
    var values = numbers.array
    for (row, start) in start.array.enumerated() {
      var greatest = start
      for place in row * time..<(row + 1) * time {
        greatest = max(greatest, values[place])
        values[place] = greatest
      }
    }
    return Tensor(values, shape: numbers.shape)
  }
}
