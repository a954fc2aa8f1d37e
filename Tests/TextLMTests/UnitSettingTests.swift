import TextLM
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Writing: units of the state")
struct UnitSettingTests {
  @Test(
    "Notation",
    arguments: [
      ("0.12=-1.5", UnitSetting(layer: 0, index: 12, value: -1.5)),
      ("3.0=2", UnitSetting(layer: 3, index: 0, value: 2)),
      ("1=2", nil), ("0.1", nil), ("0.1=", nil), ("0.1=x", nil), ("-1.1=0", nil), ("0.-1=0", nil),
      ("0.1=nan", nil), ("0.1=inf", nil), ("0.1.2=0", nil), ("0.1=1=2", nil), ("", nil),
      ("a.1=0", nil),
    ] as [(String, UnitSetting?)])
  func notation(text: String, expected: UnitSetting?) throws {
    if let expected {
      #expect(try UnitSetting(text) == expected)
    } else {
      #expect(throws: UnitError.notation(text)) { try UnitSetting(text) }
    }
  }

  private func state<Model: LanguageModel>(_ model: Model, after tokens: [TokenID]) -> [Tensor] {
    var state = model.initialState(batchSize: 2)
    let rows = tokens.flatMap { [$0, $0] }
    _ = model(
      TokenBatch(rows, timeLength: tokens.count, batchSize: 2), state: &state, .inference())
    return state.tensors
  }

  /// Of an LSTM's tensors, h and c from the bottom layer to the top, it is the second layer's c.
  @Test("After every step the unit has its value, and the others have what follows from it")
  func values() throws {
    let trained = try TestModel("lstm", steps: 10)
    let base = trained.model
    let setting = UnitSetting(layer: 1, index: 3, value: 0.75)
    let model = try base.setting([setting])
    let tokens = base.tokenizer.encode("the sea")
    let tensors = state(model.languageModel, after: tokens)
    let width = tensors[3].shape[1]
    #expect(tensors[3].array[3] == 0.75 && tensors[3].array[width + 3] == 0.75)
    // By hand: one step of the model as it is, then the value, and so on.
    func byHand<Model: LanguageModel>(_ model: Model) -> [[Float]] {
      var state = model.initialState(batchSize: 2)
      for token in tokens {
        _ = model(
          TokenBatch([token, token], timeLength: 1, batchSize: 2), state: &state, .inference())
        var tensors = state.tensors
        var cell = tensors[3].array
        for row in 0..<2 { cell[row * width + 3] = 0.75 }
        tensors[3] = Tensor(cell, shape: tensors[3].shape)
        state = state.replacingTensors(with: tensors)
      }
      return state.tensors.map(\.array)
    }
    #expect(tensors.map(\.array) == byHand(base.languageModel))
    #expect(state(base.languageModel, after: tokens)[3].array[3] != 0.75)
  }

  @Test("Writing with a unit is another text; with the value that it has anyway, the same")
  func writing() throws {
    let base = try TestModel("gru", steps: 20).model
    let settings = (0..<8).map { UnitSetting(layer: 0, index: $0, value: 3) }
    let free = base.generate(from: "the ", seed: 2).prefix(60).joined()
    let held = try base.setting(settings).generate(from: "the ", seed: 2).prefix(60).joined()
    #expect(free != held)
    #expect(try base.setting([]).generate(from: "the ", seed: 2).prefix(60).joined() == free)
  }

  @Test(
    "An architecture has units that can be set, or is refused with what it has",
    arguments: [
      "lstm", "gru", "rnn", "mlstm", "mogrifier", "qrnn", "sru", "slstm", "window-lstm", "xlstm",
      "transformer", "tcn", "ntm", "min-gru",
    ])
  func architectures(name: String) throws {
    let recurrent: Set = [
      "lstm", "gru", "rnn", "mlstm", "mogrifier", "qrnn", "sru", "slstm", "window-lstm",
    ]
    let model = try TestModel(name, steps: 5).model
    let setting = UnitSetting(layer: 0, index: 0, value: 1)
    if recurrent.contains(name) {
      #expect(model.generate(from: "a").prefix(3).joined().isEmpty == false)
      #expect(try model.setting([setting]).generate(from: "a").prefix(3).joined().isEmpty == false)
    } else {
      let error = #expect(throws: UnitError.self) { try model.setting([setting]) }
      guard case .noUnits(name, _) = error else {
        Issue.record("\(name): \(String(describing: error))")
        return
      }
    }
  }

  @Test("Layers and units that are not there are refused with the numbers")
  func refused() throws {
    let model = try TestModel("lstm", steps: 5).model
    func error(_ places: (Int, Int)...) -> UnitError? {
      #expect(throws: UnitError.self) {
        try model.setting(places.map { UnitSetting(layer: $0.0, index: $0.1, value: 0) })
      }
    }
    #expect(error((2, 0)) == .layer(2, layerCount: 2))
    #expect(error((1, 16)) == .index(16, layer: 1, unitCount: 16))
    #expect(error((1, 5), (0, 5), (1, 5)) == .repeated(layer: 1, index: 5))
  }
}
