import TextLM
import TextLMTensors
import TextLMTestSupport
import Testing

/// Small models of every architecture, whatever its hyperparameters are called.
enum SmallModels {
  static let names = ArchitectureRegistry.builtIn.all.map { $0.name }

  /// Widths of `size`, two of everything else that is counted, and `rate` for all rates; what cannot
  /// be two is standard, and of an odd size there is one head. A context is three, so that half of a
  /// short text does not end with it.
  ///
  /// `setting` is one more, as of `--set`.
  static func architecture(
    _ name: String = "lstm", size: Int = 8, rate: Double = 0,
    setting: (name: String, value: String)? = nil
  ) throws -> any CausalArchitecture {
    let kind = try ArchitectureRegistry.builtIn.architecture(named: name)
    let written = kind.hyperparameters.map { hyperparameter -> (name: String, value: String) in
      switch hyperparameter.kind {
      case .count(let range, let standard):
        let wanted =
          switch hyperparameter.name {
          case let name where name.hasSuffix("size"): size
          case "context": 3
          case "heads" where !size.isMultiple(of: 2): 1
          default: 2
          }
        return (hyperparameter.name, "\(range.contains(wanted) ? wanted : standard)")
      case .rate:
        return (hyperparameter.name, "\(rate)")
      case .number, .choice:
        return (hyperparameter.name, hyperparameter.standardText)
      }
    }
    return try kind.init(written: written + (setting.map { [$0] } ?? []))
  }

  static func configuration(
    _ name: String = "lstm", size: Int = 8, embeddingSize: Int = 6, rate: Double = 0,
    isTied: Bool = false
  ) throws -> ModelConfiguration {
    ModelConfiguration(
      architecture: try architecture(name, size: size, rate: rate), embeddingSize: embeddingSize,
      isTied: isTied)
  }

  /// Moves every parameter by up to a half, so that those count which begin at zero or hardly matter
  /// before training.
  static func shake(_ model: any LanguageModel) {
    for (index, parameter) in model.parameters.enumerated() {
      let noise = fill(index, parameter.shape, 0.5).array
      parameter.value = Tensor(
        zip(parameter.value.array, noise).map { $0 + $1 }, shape: parameter.shape)
    }
  }
}

/// One of the small models that every law is checked for.
struct SmallModel: Sendable, CustomTestStringConvertible {
  let name: String
  var size = 4
  var rate = 0.0
  var setting: (name: String, value: String)?

  /// Every architecture at two sizes, with everything dropped that can be, and with each of its
  /// choices.
  static let all: [SmallModel] = ArchitectureRegistry.builtIn.all.flatMap { kind in
    let name = kind.name
    let hasRates = kind.hyperparameters.contains {
      if case .rate = $0.kind { true } else { false }
    }
    // A matrix memory has a state of size² numbers for each head, whose gradients are all checked.
    let largerSize = name == "xlstm" ? 6 : 8
    return [SmallModel(name: name), SmallModel(name: name, size: largerSize)]
      + (hasRates ? [SmallModel(name: name, rate: 0.3)] : [])
      + kind.hyperparameters.flatMap { hyperparameter -> [SmallModel] in
        guard case .choice(let choices, let standard) = hyperparameter.kind else { return [] }
        return choices.filter { $0 != standard }
          .map { SmallModel(name: name, setting: (hyperparameter.name, $0)) }
      }
  }

  var architecture: any CausalArchitecture {
    get throws {
      try SmallModels.architecture(name, size: size, rate: rate, setting: setting)
    }
  }

  var testDescription: String {
    "\(name) \(size)" + (rate > 0 ? " rate \(rate)" : "")
      + (setting.map { " \($0.name)=\($0.value)" } ?? "")
  }
}

/// Texts made for tests.
enum SmallTexts {
  private static let words = [
    "the", "sea", "was", "calm", "and", "grey", "she", "said", "nothing", "of", "it", "until",
    "morning", "then", "a", "bell", "rang", "twice", "no", "one", "came",
  ]

  /// Lines of words in a random order, of so many characters.
  static func prose(_ characterCount: Int, seed: UInt64 = 1) -> String {
    var random = RandomSource(seed: seed)
    var text = ""
    while text.utf8.count < characterCount {
      text += words[random.nextInt(below: words.count)]
      text += random.nextInt(below: 8) == 0 ? ".\n" : " "
    }
    return String(text.prefix(characterCount))
  }

  /// Letters from the beginning of the alphabet, all as likely and independent.
  static func noise(_ characterCount: Int, letters: Int = 3, seed: UInt64 = 1) -> String {
    var random = RandomSource(seed: seed)
    return String(
      decoding: (0..<characterCount).map { _ in
        UInt8(ascii: "a") + UInt8(random.nextInt(below: letters))
      }, as: UTF8.self)
  }

  static func file(_ text: String, name: String = "corpus.txt") throws -> CorpusFile {
    try CorpusFile(bytes: Array(text.utf8), name: name, source: name)
  }
}
