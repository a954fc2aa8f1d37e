import TextLMNN
import TextLMTensors

/// An encoder with patternless parameters, and inputs for it.
struct EncoderFixture<Encoder: SequenceEncoder> {
  /// Odd, small and different from each other, so that swapped axes show.
  let timeLength = 5
  let batchSize = 3
  let encoder: Encoder
  let parameters: [Parameter]
  /// [T, B, inputSize]
  let input: Tensor

  init(_ make: (ParameterScope) throws -> Encoder) throws {
    let scope = ParameterScope(RandomParameters(seed: 5))
    encoder = try make(scope)
    parameters = scope.parameters
    // Zeros among the initial values would hide mistakes.
    for (index, parameter) in parameters.enumerated() {
      parameter.value = fill(index + 2, parameter.shape)
    }
    input = fill(1, [timeLength, batchSize, encoder.inputSize], 1)
  }

  /// The output for `input` in a new inference pass.
  func encode(_ input: Tensor, lengths: [Int]) -> Tensor {
    encoder.encode(input, lengths: lengths, .inference())
  }

  var fullLengths: [Int] { Array(repeating: timeLength, count: batchSize) }

  /// `tensor` [T, B, ..] with what belongs to step `step` of row `row` moved by 1.
  func disturbing(_ tensor: Tensor, step: Int, row: Int) -> Tensor {
    let width = tensor.shape.width
    var values = tensor.array
    let start = (step * tensor.shape[1] + row) * width
    for place in start..<start + width { values[place] += 1 }
    return Tensor(values, shape: tensor.shape)
  }

  /// Row `row` of a sequence [T, B, D], as a batch of one, [T, 1, D].
  func onlyRow(_ row: Int, of sequence: Tensor) -> Tensor {
    let (time, batch, width) = (sequence.shape[0], sequence.shape[1], sequence.shape[2])
    let values = sequence.array
    var rows: [Float] = []
    for step in 0..<time {
      let start = (step * batch + row) * width
      rows += values[start..<start + width]
    }
    return Tensor(rows, shape: [time, 1, width])
  }
}

extension EncoderFixture where Encoder: CausalEncoder {
  /// Output and last state for `input`, read in one go from the initial state.
  func run(_ input: Tensor) -> (output: Tensor, state: Encoder.State) {
    var state = encoder.initialState(batchSize: input.shape[1])
    let output = encoder(input, state: &state, .inference())
    return (output, state)
  }

  /// The same, read in parts that begin at `starts`, the first of which is 0.
  func run(_ input: Tensor, inPartsFrom starts: [Int]) -> (output: Tensor, state: Encoder.State) {
    var state = encoder.initialState(batchSize: input.shape[1])
    let pass = ForwardPass.inference()
    let ends = starts.dropFirst() + [input.shape[0]]
    let outputs = zip(starts, ends).map { start, end in
      encoder(input[rows: start..<end], state: &state, pass)
    }
    return (Tensor(stacking: outputs), state)
  }

  /// A state that is not the initial one.
  var someState: Encoder.State {
    let initial = encoder.initialState(batchSize: batchSize)
    var seed = 30
    return initial.mapTensors { tensor in
      seed += 1
      return fill(seed, tensor.shape)
    }
  }

  /// One row of a state, as that of a batch of one.
  static func row(_ row: Int, of state: Encoder.State) -> Encoder.State {
    state.mapTensors { $0[rows: row..<row + 1] }
  }
}
