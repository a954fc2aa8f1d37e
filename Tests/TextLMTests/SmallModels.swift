import TextLM

/// Small models of every architecture, whatever its hyperparameters are called.
enum SmallModels {
  static let names = ArchitectureRegistry.builtIn.all.map { $0.name }

  /// Widths of `size`, two of everything else that is counted, and `rate` for all rates; what cannot
  /// be two is standard.
  static func architecture(
    _ name: String = "lstm", size: Int = 8, rate: Double = 0
  ) throws -> any CausalArchitecture {
    let kind = try ArchitectureRegistry.builtIn.architecture(named: name)
    return kind.init(try values(of: kind, size: size, rate: rate))
  }

  static func values(
    of kind: any CausalArchitecture.Type, size: Int, rate: Double
  ) throws -> Hyperparameters {
    let written = kind.hyperparameters.map { hyperparameter -> (name: String, value: String) in
      switch hyperparameter.kind {
      case .count(let range, let standard):
        let wanted = hyperparameter.name.hasSuffix("size") ? size : 2
        return (hyperparameter.name, "\(range.contains(wanted) ? wanted : standard)")
      case .rate:
        return (hyperparameter.name, "\(rate)")
      }
    }
    return try Hyperparameters(
      written: written, known: kind.hyperparameters, architecture: kind.name)
  }

  static func configuration(
    _ name: String = "lstm", size: Int = 8, embeddingSize: Int = 6, rate: Double = 0,
    isTied: Bool = false
  ) throws -> ModelConfiguration {
    ModelConfiguration(
      architecture: try architecture(name, size: size, rate: rate), embeddingSize: embeddingSize,
      isTied: isTied)
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
