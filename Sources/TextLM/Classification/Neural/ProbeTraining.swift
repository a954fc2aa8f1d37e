/// Finds the probe of a language model that does best on validation texts.
public struct ProbeTraining: Sendable {
  /// The probe.
  public let probe: LanguageModelProbe
  /// What was measured with each strength, the strongest penalty first.
  public let candidates: [Candidate]
  /// The number of the best of them, which is the probe's.
  public let bestIndex: Int
  /// The unit whose weight moves the logits most, and what it does alone; nil where none has a weight.
  public let bestUnit: Unit?

  /// A probe of one strength.
  public struct Candidate: Sendable, Equatable {
    /// C: the penalty is λ = 1 / (C n) for n texts; the greater, the weaker.
    public let inverseStrength: Double
    /// Units that have a weight.
    public let usedUnitCount: Int
    /// On the validation texts.
    public let validation: ClassifierValidation
  }

  /// A unit as a classifier of its own.
  public struct Unit: Sendable, Equatable {
    /// The unit as `LanguageModelProbe.units` has it.
    public let name: UnitName
    /// On the validation texts, of a logistic regression on this unit alone.
    public let validation: ClassifierValidation

    /// The unit of the language model that is looked at, at the end of a text or over all of it.
    public var source: UnitName {
      pooling == nil ? name : UnitName(layer: UnitLayer.output, index: name.index)
    }
    /// How it is looked at over all of a text; nil for what it is at the end.
    public var pooling: TextPooling? { StateReader.pooling(of: name) }
  }

  /// 2⁻⁸, 2⁻⁷, .. 2⁰.
  public static let inverseStrengths = (-8...0).map {
    Double(sign: .plus, exponent: $0, significand: 1)
  }

  /// Reads all texts with the model and finds the best probe.
  ///
  /// - Parameters:
  ///   - model: The language model.
  ///   - name: What messages call it.
  ///   - labels: What to tell apart.
  ///   - training: What to learn from.
  ///   - validation: What the strength is chosen by.
  ///   - observe: Told each candidate.
  ///   - watch: Told the number of the candidate that is being looked for, from 1 on, and 0 while the texts
  ///     are read, again and again; when it answers false, the training ends.
  /// - Throws: `TransferError.noNetwork` for an n-gram model, `NeuralClassifierError` for texts or labels
  ///   that do not fit, `ClassifierTrainingError.stopped`.
  public init(
    _ model: TextModel, name: String, labels: LabelSet, training: ClassifierExamples,
    validation: ClassifierExamples, observe: (Candidate) -> Void = { _ in },
    watch: (Int) -> Bool = { _ in true }
  ) throws {
    guard let configuration = model.configuration.neural else {
      throw TransferError.noNetwork(model: name)
    }
    guard labels.kind == .multiple || labels.count > 1 else {
      throw NeuralClassifierError.tooFewLabels(names: labels.names)
    }
    try training.check(labels, part: "training")
    try validation.check(labels, part: "validation")
    let reader = StateReader(
      model.languageModel, tokenizer: model.tokenizer, direction: configuration.direction)
    func check(_ number: Int) throws(ClassifierTrainingError) {
      guard watch(number) else { throw .stopped }
    }
    func vectors(_ texts: [String]) throws(ClassifierTrainingError) -> [[Float]] {
      try reader.vectors(of: texts) { () throws(ClassifierTrainingError) in try check(0) }
    }
    let problem = Problem(
      labels, training: try vectors(training.texts), training.truth,
      validation: try vectors(validation.texts), validation.truth)
    func probe(_ fit: Problem.Fit) -> LanguageModelProbe {
      LanguageModelProbe(
        labels: labels, configuration: configuration, reader: reader, weights: fit.weights,
        biases: fit.biases)
    }
    var (candidates, best) = ([Candidate](), (index: 0, fit: Problem.Fit(weights: [], biases: [])))
    var solution = problem.start
    for (index, inverseStrength) in Self.inverseStrengths.enumerated() {
      try check(index + 1)
      // Each goes on from the one before it.
      let fit = problem.fit(inverseStrength, from: &solution)
      let candidate = Candidate(
        inverseStrength: inverseStrength, usedUnitCount: probe(fit).usedUnitCount,
        validation: problem.validation(of: fit))
      candidates.append(candidate)
      observe(candidate)
      let (new, old) = (candidate.validation, candidates[best.index].validation)
      let isBetter = (-new.accuracy, new.nats) < (-old.accuracy, old.nats)
      if index == 0 || isBetter { best = (index, fit) }
    }
    self.candidates = candidates
    bestIndex = best.index
    self.probe = probe(best.fit)
    bestUnit = problem.mostUseful(best.fit).map { index in
      Unit(name: reader.units[index], validation: problem.validation(ofUnit: index))
    }
  }
}

extension ProbeTraining {
  /// Vectors of texts to tell apart.
  fileprivate struct Problem {
    /// A probe's numbers, as they are stored.
    struct Fit {
      let weights: [Float]
      let biases: [Float]
    }

    private let labels: LabelSet
    private let regression: SparseLogisticRegression
    private let training: [[Float]]
    private let targets: [[Double]]
    private let validationVectors: [[Float]]
    private let validationTruth: [[Int]]

    init(
      _ labels: LabelSet, training: [[Float]], _ truth: [[Int]], validation: [[Float]],
      _ validationTruth: [[Int]]
    ) {
      self.labels = labels
      self.training = training
      validationVectors = validation
      self.validationTruth = validationTruth
      let isBinary = Self.isBinary(labels)
      targets = truth.map { classes in
        if isBinary { return [classes[0] == 1 ? 1 : 0] }
        return (0..<ClassifierHead.outputCount(labels)).map { output in
          labels.kind == .single
            ? (classes[0] == output ? 1 : 0)
            : ClassifierHead.isTrue(labels.kind, output: output, truth: classes) ? 1 : 0
        }
      }
      regression = SparseLogisticRegression(training, targets: targets, link: Self.link(labels))
    }

    /// Of two classes one score is enough; the other's is 0.
    private static func isBinary(_ labels: LabelSet) -> Bool {
      labels.kind == .single && labels.count == 2
    }

    private static func link(_ labels: LabelSet) -> SparseLogisticRegression.Link {
      labels.kind == .single && !isBinary(labels) ? .softmax : .logistic
    }

    /// Where the search begins.
    var start: SparseLogisticRegression.Solution { regression.zero }

    /// The fit of a strength, looked for from a solution that it replaces.
    func fit(
      _ inverseStrength: Double, from solution: inout SparseLogisticRegression.Solution
    ) -> Fit {
      solution = regression.solution(
        penalty: 1 / (inverseStrength * Double(training.count)), from: solution)
      return fit(solution)
    }

    private func fit(_ solution: SparseLogisticRegression.Solution) -> Fit {
      let width = solution.weights.count / solution.biases.count
      let none = Self.isBinary(labels) ? (weights: width, biases: 1) : (weights: 0, biases: 0)
      return Fit(
        weights: [Float](repeating: 0, count: none.weights) + solution.weights.map(Float.init),
        biases: [Float](repeating: 0, count: none.biases) + solution.biases.map(Float.init))
    }

    func validation(of fit: Fit) -> ClassifierValidation {
      validation(of: fit, validationVectors)
    }

    private func validation(of fit: Fit, _ vectors: [[Float]]) -> ClassifierValidation {
      ClassifierValidation(
        labels.kind,
        logits: vectors.map {
          LanguageModelProbe.logits($0, weights: fit.weights, biases: fit.biases)
        }, truth: validationTruth)
    }

    /// The unit with the greatest Σ |w| times its standard deviation; nil where no unit has a weight.
    func mostUseful(_ fit: Fit) -> Int? {
      let deviations = regression.deviations
      let width = deviations.count
      let effects = deviations.enumerated().map { unit, deviation in
        stride(from: unit, to: fit.weights.count, by: width).reduce(0) {
          $0 + Double(abs(fit.weights[$1]))
        } * deviation
      }
      guard let best = effects.indices.max(by: { effects[$0] < effects[$1] }), effects[best] > 0
      else { return nil }
      return best
    }

    func validation(ofUnit unit: Int) -> ClassifierValidation {
      let alone = SparseLogisticRegression(
        training.map { [$0[unit]] }, targets: targets, link: Self.link(labels))
      let solution = alone.solution(penalty: 0, from: alone.zero)
      return validation(of: fit(solution), validationVectors.map { [$0[unit]] })
    }
  }
}

extension ProbeTraining.Unit: CustomStringConvertible {
  /// What it is and what it does alone, in a sentence without its full stop.
  public var description: String {
    let part =
      switch pooling {
      case .mean: "the mean of \(source)"
      case .max: "the greatest value of \(source)"
      default: "\(source) at the end"
      }
    return "the unit that tells most is \(part), which alone is right on "
      + "\(Numbers.fixed(100 * validation.accuracy, 1)) % of the texts to validate on"
  }
}
