import TextLM

/// A model that counts sequences of characters, made within milliseconds, and the folder it lies in.
struct LineModel {
  let folder: StorageTestFolder
  let model: TextModel

  /// By default of lines of prose; of a text without line feeds it knows none.
  init(
    _ text: String? = nil, order: Int = 4, direction: ReadingDirection = .forward,
    documents: DocumentRule = .file
  ) throws {
    folder = try StorageTestFolder()
    let training = NGramTraining(
      try NGramConfiguration(order: order, direction: direction),
      TrainingData.Options(batchSize: 1, sequenceLength: 1))
    let file = try CorpusFile(
      bytes: Array((text ?? SmallTexts.prose(3000)).utf8), name: "corpus.txt", source: "corpus.txt",
      ReadingRules(documents: documents))
    _ = try training.train(corpus: [file], path: folder.path("m"), overwrites: true)
    model = try TextModel(contentsOf: folder.path("m"))
  }
}
