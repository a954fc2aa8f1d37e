/// A language model with a linear classifier of what it remembers of a text: the method of the sentiment
/// neuron.
///
/// logits = W v + b of the vector v that `StateReader` gives. The language model was trained on text
/// without labels and is as it was; most weights are 0, so that one can see what it is that tells texts
/// apart.
///
/// Reference: Alec Radford, Rafal Jozefowicz and Ilya Sutskever, "Learning to Generate Reviews and
/// Discovering Sentiment", 2017.
public struct LanguageModelProbe: Sendable {
  /// What it tells apart.
  public let labels: LabelSet
  /// The language model's architecture and sizes.
  public let configuration: ModelConfiguration
  let reader: StateReader
  /// [outputs, units].
  let weights: [Float]
  /// [outputs].
  let biases: [Float]

  /// The language model's tokenizer.
  public var tokenizer: Tokenizer { reader.tokenizer }
  /// What the components of a text's vector are.
  public var units: [UnitName] { reader.units }
  /// The number of all elements of the language model's parameters and of the weights of its units.
  public var parameterCount: Int {
    reader.languageModel.parameters.reduce(weights.count + biases.count) { $0 + $1.shape.count }
  }
  /// Units that have a weight.
  public var usedUnitCount: Int {
    units.indices.count { unit in
      stride(from: unit, to: weights.count, by: units.count).contains { weights[$0] != 0 }
    }
  }

  /// The probabilities of the classes of each text, in the order of the labels.
  ///
  /// Throws `NeuralClassifierError.notFinite` for a damaged model.
  public func probabilities(of texts: [String]) throws -> [[Double]] {
    try zip(texts, reader.vectors(of: texts)).map { text, vector in
      let found = ClassifierHead.probabilities(labels.kind, logits: logits(vector))
      guard found.allSatisfy(\.isFinite) else { throw NeuralClassifierError.notFinite(text: text) }
      return found
    }
  }

  /// The logits for the vector of a text.
  func logits(_ vector: [Float]) -> [Float] {
    Self.logits(vector, weights: weights, biases: biases)
  }

  static func logits(_ vector: [Float], weights: [Float], biases: [Float]) -> [Float] {
    biases.indices.map { output in
      var sum = Double(biases[output])
      for (index, value) in vector.enumerated() {
        sum += Double(weights[output * vector.count + index]) * Double(value)
      }
      return Float(sum)
    }
  }
}

extension LanguageModelProbe: CustomStringConvertible {
  /// The tree of the language model's parameters, and how many of its units have a weight.
  public var description: String {
    """
    \(ParameterTree(reader.languageModel.parameters, name: "language model"))
    units: \(Numbers.grouped(units.count)), of which \(Numbers.grouped(usedUnitCount)) have a weight
    weights: \(Numbers.grouped(weights.count + biases.count))
    """
  }
}
