import TextLM
import Testing

@Suite("Model: a width for a number of parameters")
struct ModelSizingTests {
  private func configuration(layers: Int, width: Int, isTied: Bool) throws -> ModelConfiguration {
    let values = try Hyperparameters(
      written: [("layers", "\(layers)"), ("hidden_size", "\(width)")],
      known: LSTMArchitecture.hyperparameters, architecture: "lstm")
    return ModelConfiguration(
      architecture: LSTMArchitecture(values), embeddingSize: isTied ? width : min(256, width),
      isTied: isTied)
  }

  private func sized(
    _ count: Int, layers: Int, isTied: Bool, vocabularySize: Int = 65, widths: Int = 16384
  ) throws -> ModelConfiguration {
    try ModelSizing.configuration(
      parameterCount: count, vocabularySize: vocabularySize, widths: 1...widths
    ) { try configuration(layers: layers, width: $0, isTied: isTied) }
  }

  @Test("Within 2 % of what is wanted, by the built model's own count")
  func counts() throws {
    for wanted in [20_000, 100_000, 500_000, 1_000_000, 5_000_000, 123_456_789] {
      for layers in [1, 2, 3] {
        for isTied in [false, true] {
          let model = try sized(wanted, layers: layers, isTied: isTied)
          let count = model.parameterCount(vocabularySize: 65)
          #expect(abs(Double(count) / Double(wanted) - 1) <= 0.02, "\(wanted): \(count)")
        }
      }
    }
    let built = try sized(100_000, layers: 2, isTied: false)
      .makeModel(vocabularySize: 65, from: RandomParameters(seed: 1))
    let count = built.parameters.reduce(0) { $0 + $1.shape.count }
    #expect(abs(Double(count) / 1e5 - 1) <= 0.02)
  }

  @Test("The nearest width of the coarsest multiple that is near enough")
  func widths() throws {
    // 1 x 512 with a vocabulary of 65: 4·512·(256 + 512 + 2) + 65·(256 + 1 + 512) parameters.
    let exact = 4 * 512 * 770 + 65 * 769
    #expect(try sized(exact, layers: 1, isTied: false).architecture.outputSize == 512)
    #expect(try sized(exact + 1000, layers: 1, isTied: false).architecture.outputSize == 512)
    // Between 32 and 48 there is none within 2 % but at single widths.
    let narrow = try configuration(layers: 1, width: 37, isTied: false)
    let count = narrow.parameterCount(vocabularySize: 65)
    #expect(try sized(count, layers: 1, isTied: false).architecture.outputSize == 37)
  }

  @Test("A number that no width has is refused with the nearest ones")
  func refusals() throws {
    func count(_ width: Int) throws -> Int {
      try configuration(layers: 2, width: width, isTied: false).parameterCount(vocabularySize: 65)
    }
    let (one, two, most) = (try count(1), try count(2), try count(64))
    #expect(throws: ModelSizingError.noWidth(parameterCount: 10, below: one, above: one)) {
      try sized(10, layers: 2, isTied: false)
    }
    let between = (one + two) / 2
    #expect(throws: ModelSizingError.noWidth(parameterCount: between, below: one, above: two)) {
      try sized(between, layers: 2, isTied: false)
    }
    let next = try count(63)
    #expect(throws: ModelSizingError.noWidth(parameterCount: 1 << 40, below: next, above: most)) {
      try sized(1 << 40, layers: 2, isTied: false, widths: 64)
    }
  }
}
