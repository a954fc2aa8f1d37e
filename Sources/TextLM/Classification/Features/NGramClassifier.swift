/// A classifier of texts by the sequences of characters and words that are in them: a linear model,
/// which is trained in seconds and says exactly what every character contributed.
///
/// A text is its features, each of which is there or not; see `NGramFeatureConfiguration`. For each
/// question q of which the class is made (whether it is class k, or above it),
///
/// ```
/// z_q = b_q + Σ_blocks 1/√n Σ_j w_jq        over the n features of a block that are known
/// ```
///
/// and σ(z_q) is the probability of yes. Several classes have these probabilities divided by their sum,
/// several labels a text each its own, and ordinal labels the differences of neighbours. Capitals count as
/// small letters. What no training text had counts for nothing: a text of such characters alone has the
/// probabilities of the biases, which are the parts of the classes among the training texts.
///
/// Reading a text takes time in proportion to its length, tens of microseconds for a sentence.
///
/// References: Sida Wang and Christopher Manning, "Baselines and Bigrams: Simple, Good Sentiment and
/// Topic Classification", 2012; Armand Joulin et al., "Bag of Tricks for Efficient Text
/// Classification", 2016.
public struct NGramClassifier: Sendable {
  /// The labels.
  public let labels: LabelSet
  /// Which features it looks at.
  public let configuration: NGramFeatureConfiguration
  let questions: ClassQuestions
  let index: FeatureIndex
  /// w, with the temperature in it, [F, Q].
  let weights: [Float]
  /// b, the log-odds of the answer yes among the training texts, [Q].
  let biases: [Float]

  init(
    labels: LabelSet, configuration: NGramFeatureConfiguration, index: FeatureIndex,
    weights: [Float], biases: [Float]
  ) {
    self.labels = labels
    self.configuration = configuration
    questions = ClassQuestions(kind: labels.kind, classCount: labels.count)
    self.index = index
    self.weights = weights
    self.biases = biases
  }

  /// Trains a classifier; `NGramClassifierTraining` also tells what was tried for it.
  ///
  /// - Throws: As `NGramClassifierTraining.init`.
  public init(
    training texts: [String], truth: [[Int]], labels: LabelSet,
    configuration: NGramFeatureConfiguration, seed: UInt64, classWeights: [Double]? = nil
  ) throws {
    self = try NGramClassifierTraining(
      texts: texts, truth: truth, labels: labels, configuration: configuration, seed: seed,
      classWeights: classWeights
    ).classifier
  }

  /// The number of features that it knows: sequences of characters, sequences of words, and pairs.
  public var featureCounts: [Int] {
    zip(index.blockEnds, [0] + index.blockEnds).map { $0 - $1 }
  }
  /// The number of its weights and biases.
  public var parameterCount: Int { weights.count + biases.count }

  /// The probability of each class, [K]. They sum to 1 unless a text has several labels.
  public func probabilities(of text: String) -> [Double] {
    questions.probabilities(logits(of: text))
  }

  /// z, the logit of the answer yes to each question, [Q]: one for two classes, one a class for more
  /// and for several labels a text, and one between neighbours for ordinal labels.
  public func logits(of text: String) -> [Double] {
    let numbers = index.numbers(of: FeatureText(text), configuration)
    var logits = biases.map(Double.init)
    var place = 0
    for end in index.blockEnds {
      let first = place
      while place < numbers.count, Int(numbers[place]) < end { place += 1 }
      guard place > first else { continue }
      let scale = 1 / Double(place - first).squareRoot()
      for question in biases.indices {
        var sum = 0.0
        for number in numbers[first..<place] {
          sum += Double(weights[Int(number) * biases.count + question])
        }
        logits[question] += scale * sum
      }
    }
    return logits
  }
}

extension NGramClassifier: CustomStringConvertible {
  /// The number of features of each block and of weights, one line each.
  public var description: String {
    let names = ["sequences of characters", "sequences of words", "pairs of words"]
    let lines = zip(names, featureCounts).map { "\($0): \(Numbers.grouped($1))" }
    return (lines + ["weights: \(Numbers.grouped(parameterCount))"]).joined(separator: "\n")
  }
}
