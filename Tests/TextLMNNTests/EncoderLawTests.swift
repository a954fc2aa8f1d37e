import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Encoders keep their laws")
struct EncoderLawTests {
  @Test func lstm() throws {
    try checkCausalEncoderLaws { try LSTM(inputSize: 3, hiddenSize: 4, in: $0) }
  }

  @Test(arguments: GRU.Reset.allCases)
  func gru(reset: GRU.Reset) throws {
    try checkCausalEncoderLaws {
      try GRU(inputSize: 3, hiddenSize: 4, reset: reset, in: $0)
    }
  }

  @Test func rnn() throws {
    try checkCausalEncoderLaws { try RNN(inputSize: 3, hiddenSize: 4, in: $0) }
  }

  @Test func multiplicativeLSTM() throws {
    try checkCausalEncoderLaws { try MultiplicativeLSTM(inputSize: 3, hiddenSize: 4, in: $0) }
  }

  @Test(arguments: [(1, 0), (2, 0), (5, 0), (4, 2)])
  func mogrifier(roundCount: Int, rank: Int) throws {
    try checkCausalEncoderLaws {
      try MogrifierLSTM(
        inputSize: 3, hiddenSize: 4, roundCount: roundCount, rank: rank, in: $0)
    }
  }

  @Test(arguments: [2, 4])
  func windowLSTM(window: Int) throws {
    // Over four units normalization bends sharply.
    try checkCausalEncoderLaws(differenceStep: 1 / 128) {
      try WindowLSTM(inputSize: 3, hiddenSize: 4, window: window, in: $0)
    }
  }

  @Test func slstm() throws {
    try checkCausalEncoderLaws { try SLSTM(inputSize: 3, hiddenSize: 4, in: $0) }
  }

  @Test(arguments: [1, 2])
  func qrnn(window: Int) throws {
    try checkCausalEncoderLaws {
      try QRNN(inputSize: 3, hiddenSize: 4, window: window, in: $0)
    }
  }

  @Test(arguments: [MinimalRecurrence.Kind.gru, .lstm])
  func minimalRecurrence(kind: MinimalRecurrence.Kind) throws {
    // Small enough not to reach over the bend of g at 0.
    try checkCausalEncoderLaws(differenceStep: 1 / 256) {
      try MinimalRecurrence(kind, inputSize: 3, hiddenSize: 4, in: $0)
    }
  }

  @Test("A stack of LSTMs, with dropout between layers or without", arguments: [0, 0.3] as [Float])
  func stackedLSTM(dropoutRate: Float) throws {
    try checkCausalEncoderLaws { scope in
      try Stacked(layerCount: 3, inputSize: 3, dropoutRate: dropoutRate) { index, inputSize in
        try LSTM(
          inputSize: inputSize, hiddenSize: 4 + index, suffix: "l\(index)", in: scope["rnn"])
      }
    }
  }

  @Test func bidirectionalLSTM() throws {
    func make(_ scope: ParameterScope) throws -> Bidirectional<LSTM> {
      try Bidirectional(
        forward: LSTM(inputSize: 3, hiddenSize: 4, in: scope),
        backward: LSTM(inputSize: 3, hiddenSize: 2, suffix: "l0_reverse", in: scope))
    }
    try checkSequenceEncoderLaws(make: make)
    try checkSeesLaterInputs(make: make)
  }
}
