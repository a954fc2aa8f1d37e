import TextLM

/// Trains a small model on a text, writes with it and measures sentences with it; then tells
/// languages apart.
///
/// ```
/// swift run -c release TextLMSample                          the verse below, a few seconds
/// swift run -c release TextLMSample ../../corpora/harbour.txt
/// ```
@main
struct TextLMSample {
  /// The run's folder; what an earlier run left there is replaced.
  static let folder = "sample.textlm"

  static func main() throws {
    // The engine belongs to the process. It starts with one thread.
    Engine.setThreadCount(Engine.processorCount)
    let corpus =
      if CommandLine.arguments.count > 1 {
        try CorpusFile(contentsOf: CommandLine.arguments[1])
      } else {
        try CorpusFile(bytes: Array(verse.utf8), name: "verse", source: "verse")
      }
    try train(on: corpus)
    let model = try TextModel(contentsOf: folder)
    try write(with: model)
    try measure(with: model)
    try classify()
  }

  /// Trains in `folder`, telling how it goes.
  static func train(on corpus: CorpusFile) throws {
    let run = try TrainingRun(try settings(), corpus: [corpus], path: folder, overwrites: true)
    for notice in run.notices { print("note:", notice) }
    let result = try run.train { event in
      if case .evaluation(let step, let evaluation, let isBest, _) = event {
        let nats = thousandths(evaluation.natsPerToken)
        print("step \(step): \(nats) nats per character\(isBest ? ", the best so far" : "")")
      }
      return true  // false would stop the run after saving it
    }
    print("\(result.progress.step) steps, \(Int(result.clock.tokensPerSecond)) characters/s")
  }

  /// A model and a training small enough for a demonstration.
  static func settings() throws -> RunSettings {
    let sizes = try Hyperparameters(
      written: [("layers", "1"), ("hidden_size", "96")],
      known: LSTMArchitecture.hyperparameters, architecture: LSTMArchitecture.name)
    return RunSettings(
      model: ModelConfiguration(architecture: LSTMArchitecture(sizes), embeddingSize: 32),
      data: TrainingData.Options(split: .tail(fraction: 0.1), batchSize: 8, sequenceLength: 32),
      trainer: TrainerSettings(seed: 1),
      // A number of steps, and not of seconds, makes the run repeatable bit for bit.
      plan: LearningRatePlan(peak: 1e-2, warmupSteps: 10, horizon: .steps(150)),
      evaluationInterval: 50)
  }

  /// A generator is an endless sequence of pieces of text: take as many as you like.
  static func write(with model: TextModel) throws {
    let sampling: [any LogitsProcessor] = [try Temperature(0.7), try TopP(0.95)]
    print("\nThe tide", terminator: "")
    for piece in model.generate(from: "The tide", sampling: sampling, seed: 7).prefix(200) {
      print(piece, terminator: "")
    }
    print("\n")
  }

  /// Text like the training text costs few bits, other text many.
  static func measure(with model: TextModel) throws {
    for sentence in ["The tide goes out.", "Quarterly revenue fell.", "潮が引く。"] {
      let bits = thousandths(try model.score(sentence).bitsPerCharacter)
      print("\(bits) bits per character: \(sentence)")
    }
  }

  /// Learns from labelled texts which language a text is in, within a fraction of a second.
  static func classify() throws {
    let sayings = [
      "English": ["the sea is calm", "where are the boats", "they come with the wind"],
      "German": ["die See ist ruhig", "wo sind die Boote", "sie kommen mit dem Wind"],
      "Spanish": ["el mar está tranquilo", "dónde están los barcos", "vienen con el viento"],
    ]
    let texts = sayings.sorted { $0.key < $1.key }.flatMap { language, lines in
      lines.enumerated().map { index, line in
        LabelledText(
          text: line, labels: [language],
          place: LabelledPlace(path: language, line: index + 1))
      }
    }
    let data = try LabelledData(texts: texts, kind: .single)
    let training = TextClassifierTraining(.ngrams(try NGramFeatureConfiguration()), seed: 1)
    let parts = try ClassifierParts(data, validationFraction: 0.3, seed: 1)
    let classifier = try training.train(parts).classifier
    let unknown = ["the wind and the boats", "die Boote sind ruhig", "el viento está tranquilo"]
    print("")
    for (text, prediction) in zip(unknown, try classifier.predict(unknown)) {
      let (label, probability) = prediction.ranked[0]
      print("\(label), \(thousandths(probability)): \(text)")
    }
  }

  /// Enough digits to compare by eye.
  static func thousandths(_ value: Double) -> Double {
    (value * 1000).rounded() / 1000
  }

  /// A text with much repetition, so that a tiny model has something to find in it.
  static let verse = ["boats", "gulls", "nets", "lamps", "ropes", "bells", "sails", "stones"]
    .flatMap { thing in
      ["out", "in", "by", "home"].map { way in
        """
        The tide goes \(way), the \(thing) go \(way),
        And all the harbour \(thing) are gone;
        The tide comes back, the \(thing) come back,
        And all the harbour hums along.


        """
      }
    }
    .joined()
}
