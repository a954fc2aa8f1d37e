import ArgumentParser
import TextLM

/// What the model takes over from a trained one.
struct TransferOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Begin with the weights of this model instead of random ones. The text may have other \
      characters: known ones keep their rows, new ones start near the mean. Sizes are the model's \
      own. A smaller --lr keeps more of what it knows.
      """, valueName: "model"))
  var initFrom: String?

  @Option(
    help: ArgumentHelp(
      """
      Take only the vectors that stand for characters from this model; --embedding-size is then \
      its own.
      """, valueName: "model"))
  var embeddingsFrom: String?

  func validate() throws {
    if initFrom != nil && embeddingsFrom != nil {
      throw ValidationError(
        "--init-from and --embeddings-from cannot be given together: the first takes the embedding too"
      )
    }
  }

  /// Refuses first values for what is taken over, which would change nothing.
  func checkRules(_ rules: InitializationRules) throws {
    if initFrom != nil, rules != .none {
      throw ValidationError("--init cannot be given with --init-from: the weights are that model's")
    }
    if embeddingsFrom != nil, rules.concerns("embedding.weight") {
      throw ValidationError(
        "--init cannot be for the embedding with --embeddings-from: it is that model's")
    }
  }

  /// Whether anything is taken over.
  var isGiven: Bool { initFrom != nil || embeddingsFrom != nil }

  /// Reads the trained model.
  func transfer() throws -> Transfer? {
    if let initFrom {
      return try Transfer(.model, of: try TextModel(contentsOf: initFrom), name: initFrom)
    }
    return try embeddingsFrom.map {
      try Transfer(.embeddings, of: TextModel(contentsOf: $0), name: $0)
    }
  }
}
