import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Encoders keep their laws")
struct EncoderLawTests {
  @Test func lstm() throws {
    try checkCausalEncoderLaws { try LSTM(inputSize: 3, hiddenSize: 4, in: $0) }
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
