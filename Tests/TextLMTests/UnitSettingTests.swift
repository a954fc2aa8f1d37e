import TextLM
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Writing: units of the state")
struct UnitSettingTests {
  /// A unit by its name and the value that it is held at.
  private static func unit(_ name: String, _ value: Float) -> UnitSetting? {
    UnitName(name).map { UnitSetting(unit: $0, value: value) }
  }

  @Test(
    "Notation",
    arguments: [
      ("1.12=-1.5", "1.12", -1.5), ("3.0=2", "3.0", 2), ("cell2.114=2.0", "cell2.114", 2),
      ("hidden1.0=-1", "hidden1.0", -1),
    ] as [(String, String, Float)])
  func notation(text: String, name: String, value: Float) throws {
    #expect(try UnitSetting(text) == Self.unit(name, value))
  }

  @Test(
    "What is no notation",
    arguments: [
      "1=2", "1.1", "1.1=", "1.1=x", "1.-1=0", ".1=0", "1.1=nan", "1.1=inf", "1.1=1=2", "",
      "cell1.=0",
    ])
  func noNotation(text: String) {
    #expect(throws: UnitError.notation(text)) { try UnitSetting(text) }
  }

  private func state<Model: LanguageModel>(_ model: Model, after tokens: [TokenID]) -> [Tensor] {
    var state = model.initialState(batchSize: 2)
    let rows = tokens.flatMap { [$0, $0] }
    _ = model(
      TokenBatch(rows, timeLength: tokens.count, batchSize: 2), state: &state, .inference())
    return state.tensors
  }

  /// Of an LSTM's tensors, h and c from the bottom layer to the top, it is the second layer's c.
  @Test(
    "After every step the unit has its value, and the others have what follows from it",
    arguments: ["cell2.3", "2.3"])
  func values(name: String) throws {
    let trained = try TestModel("lstm", steps: 10)
    let base = trained.model
    let setting = try #require(Self.unit(name, 0.75))
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
    let settings = (0..<8).compactMap { Self.unit("1.\($0)", 3) }
    let free = base.generate(from: "the ", seed: 2).prefix(60).joined()
    let held = try base.setting(settings).generate(from: "the ", seed: 2).prefix(60).joined()
    #expect(free != held)
    #expect(try base.setting([]).generate(from: "the ", seed: 2).prefix(60).joined() == free)
  }

  @Test(
    "An architecture's layers have numbers where units stand for themselves, or it is refused",
    arguments: [
      "lstm", "gru", "rnn", "mlstm", "mogrifier", "qrnn", "sru", "slstm", "window-lstm", "xlstm",
      "transformer", "tcn", "ntm", "min-gru",
    ])
  func architectures(name: String) throws {
    let recurrent: Set = [
      "lstm", "gru", "rnn", "mlstm", "mogrifier", "qrnn", "sru", "slstm", "window-lstm",
    ]
    let model = try TestModel(name, steps: 5).model
    let setting = try #require(Self.unit("1.0", 1))
    if recurrent.contains(name) {
      #expect(model.generate(from: "a").prefix(3).joined().isEmpty == false)
      #expect(try model.setting([setting]).generate(from: "a").prefix(3).joined().isEmpty == false)
    } else {
      let error = #expect(throws: UnitError.self) { try model.setting([setting]) }
      switch error {
      case .noUnits(name, _): #expect(["transformer", "tcn"].contains(name))
      case .noUnit(_, let layers, let numbered):
        #expect(layers[0].name == "state1" && numbered.isEmpty)
      default: Issue.record("\(name): \(String(describing: error))")
      }
    }
  }

  @Test(
    "Every unit of a state is set by the name that a survey gives it",
    arguments: [
      "lstm", "gru", "rnn", "mogrifier", "qrnn", "slstm", "window-lstm", "xlstm", "ntm", "min-gru",
    ])
  func surveyed(name: String) throws {
    let model = try TestModel(name, steps: 5).model
    let text = UTF8Text("the sea")
    let survey = try model.unitSurvey(text)
    for layer in survey.layers.dropFirst() {
      let unit = UnitName(layer: layer.name, index: layer.size - 1)
      let held = try model.setting([UnitSetting(unit: unit, value: 0.5)])
      let values = try held.activations(of: unit, in: text).places.map(\.value)
      #expect(values.count == 7 && values.allSatisfy { $0 == 0.5 }, "\(unit)")
    }
    let output = UnitName(layer: "output", index: 0)
    let error = #expect(throws: UnitError.self) {
      try model.setting([UnitSetting(unit: output, value: 0.5)])
    }
    guard case .output = error else {
      Issue.record("\(name): \(String(describing: error))")
      return
    }
  }

  @Test("Layers and units that are not there are refused with the numbers")
  func refused() throws {
    let model = try TestModel("lstm", steps: 5).model
    func error(_ names: String...) -> UnitError? {
      #expect(throws: UnitError.self) {
        try model.setting(names.compactMap { Self.unit($0, 0) })
      }
    }
    for name in ["0.0", "3.0", "2.16", "01.0", "cell3.0", "cell1.16", "Cell1.0", "-1.0"] {
      let message = error(name)?.description ?? ""
      #expect(message.contains("no unit \(name): "), "\(message)")
      #expect(
        message.hasSuffix(
          "hidden1 (16 units), cell1 (16 units), hidden2 (16 units), cell2 (16 units), each counted "
            + "from 0; 1 stands for cell1; 2 stands for cell2"), "\(message)")
    }
    #expect(error("2.5", "1.5", "2.5") == .repeated(name: "cell2.5"))
    #expect(error("cell2.5", "hidden2.5", "2.5") == .repeated(name: "cell2.5"))
  }
}
