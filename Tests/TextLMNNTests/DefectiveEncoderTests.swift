import Synchronization
import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

/// The law checkers are worth something only if each breach of a law is noticed.
@Suite("Law checkers notice breaches")
struct DefectiveEncoderTests {
  @Test("An encoder without defects passes")
  func soundEncoder() throws {
    try checkCausalEncoderLaws { try DefectiveEncoder(defect: nil, in: $0) }
  }

  @Test("Each defect is noticed by its law", arguments: DefectiveEncoder.Defect.allCases)
  func defect(_ defect: DefectiveEncoder.Defect) throws {
    let isNoticed = Mutex(false)
    try withKnownIssue {
      try checkCausalEncoderLaws { try DefectiveEncoder(defect: defect, in: $0) }
    } matching: { issue in
      if issue.comments.contains(where: { $0.rawValue.contains(defect.notice) }) {
        isNoticed.withLock { $0 = true }
      }
      return true
    }
    #expect(isNoticed.withLock { $0 }, "no issue says '\(defect.notice)'")
  }

  @Test("A causal encoder is noticed where a bidirectional one is asked for")
  func causalEncoderSeesNoLaterInputs() {
    withKnownIssue {
      try checkSeesLaterInputs { try LSTM(inputSize: 3, hiddenSize: 4, in: $0) }
    }
  }
}

/// An LSTM with something wrong around it.
struct DefectiveEncoder: CausalEncoder {
  enum Defect: CaseIterable {
    case readsBackwards, forgetsItsState, mixesRows, cutsItsState, doublesGradients
    case drawsInInference, misreadsTokens, leavesPadding, ignoresItsSeed

    /// Words of the issue that the broken law records.
    var notice: String {
      switch self {
      case .readsBackwards: "whose input changed"
      case .forgetsItsState: "output in parts"
      case .mixesRows: "when another changed"
      case .cutsItsState: "no gradient came through an attached state"
      case .doublesGradients: "gradient of input 0"
      case .drawsInInference: "inference drew random numbers"
      case .misreadsTokens: "output for tokens"
      case .leavesPadding: "output at padding is not zero"
      case .ignoresItsSeed: "two seeds, same parameters"
      }
    }
  }

  let defect: Defect?
  private let lstm: LSTM

  init(defect: Defect?, in scope: ParameterScope) throws {
    self.defect = defect
    let fixed = ParameterScope(RandomParameters(seed: 1))
    lstm = try LSTM(inputSize: 3, hiddenSize: 4, in: defect == .ignoresItsSeed ? fixed : scope)
  }

  var inputSize: Int { lstm.inputSize }
  var outputSize: Int { lstm.outputSize }

  func initialState(batchSize: Int) -> LSTMState { lstm.initialState(batchSize: batchSize) }

  func callAsFunction(
    _ input: Tensor, state: inout LSTMState, _ pass: ForwardPass
  ) -> Tensor {
    let (time, batch) = (input.shape[0], input.shape[1])
    switch defect {
    case .readsBackwards:
      let reversed = pass.reverseInTime(input, lengths: Array(repeating: time, count: batch))
      return lstm(reversed, state: &state, pass)
    case .forgetsItsState:
      state = initialState(batchSize: batch)
    case .cutsItsState:
      state = state.detached()
    case .drawsInInference:
      _ = pass.random.next()
    case .mixesRows:
      let output = lstm(input, state: &state, pass)
      let neighbours = (0..<time).map { step in
        Tensor(repeating: output.array[step * batch * outputSize], shape: [1, batch, outputSize])
      }
      return pass.add(output, Tensor(stacking: neighbours))
    case .doublesGradients:
      let output = lstm(input, state: &state, pass)
      let copy = output.detached()
      pass.tape?.record(output: copy, inputs: [output]) { [pass.add($0, $0)] }
      return copy
    case .misreadsTokens, .leavesPadding, .ignoresItsSeed, nil:
      break
    }
    return lstm(input, state: &state, pass)
  }

  func callAsFunction(
    tokens: TokenBatch, table: Tensor, state: inout LSTMState, _ pass: ForwardPass
  ) -> Tensor {
    guard defect == .misreadsTokens else {
      return self(pass.gather(tokens, from: table), state: &state, pass)
    }
    let zeros = TokenBatch(
      tokens.tokens.map { _ in 0 }, timeLength: tokens.timeLength, batchSize: tokens.batchSize)
    return self(pass.gather(zeros, from: table), state: &state, pass)
  }

  func encode(_ input: Tensor, lengths: [Int], _ pass: ForwardPass) -> Tensor {
    var state = initialState(batchSize: input.shape[1])
    let output = self(input, state: &state, pass)
    return defect == .leavesPadding ? output : pass.zeroPadding(output, lengths: lengths)
  }
}
