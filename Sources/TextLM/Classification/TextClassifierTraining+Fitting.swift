extension TextClassifierTraining {
  /// What was fitted without steps.
  struct Fit {
    let model: TextClassifier.Model
    /// What models of other texts said of texts to learn from, with their classes; nil where there are no
    /// such models.
    let heldOut: (probabilities: [[Double]], truth: [[Int]])?
    /// What was tried, as the log has it.
    let rows: [JSONObject]
    let curves: [Plot]
    /// The single most useful unit of a language model.
    var bestUnit: ProbeTraining.Unit?
  }

  /// Fits n-grams or a probe; throws `ClassifierTrainingError.stopped` when `observe` answers false.
  func fit(
    _ parts: ClassifierParts, _ observe: (ClassifierTrainingEvent) -> Bool
  ) throws -> Fit {
    let (examples, labels) = (parts.trainingExamples, parts.labels)
    switch method {
    case .ngrams(let configuration):
      let training = try NGramClassifierTraining(
        texts: examples.texts, truth: examples.truth, labels: labels,
        configuration: configuration, seed: seed,
        classWeights: isBalanced ? labels.balancedWeights(examples.truth) : nil
      ) { observe(.fitting(model: $0)) }
      for trial in training.trials {
        guard observe(.trial(trial)) else { throw ClassifierTrainingError.stopped }
      }
      return Fit(
        model: .ngrams(training.classifier), heldOut: training.heldOut,
        rows: training.trials.map(Self.row),
        curves: [Self.curve(training.trials)])
    case .probe(let model, let name):
      let training = try ProbeTraining(
        model, name: name, labels: labels, training: examples,
        validation: parts.validationExamples, observe: { _ = observe(.candidate($0)) },
        watch: { observe(.fitting(model: $0)) })
      var rows = training.candidates.map(Self.row)
      if let unit = training.bestUnit {
        rows.append([
          "event": "unit", "unit": JSONValue("\(unit.name)"),
          "validation_loss": JSONValue(unit.validation.nats),
          "validation_accuracy": JSONValue(unit.validation.accuracy),
        ])
      }
      return Fit(
        model: .probe(training.probe), heldOut: nil, rows: rows,
        curves: [Self.curve(training.candidates)], bestUnit: training.bestUnit)
    case .network: preconditionFailure("classifier training: a network is not fitted")
    }
  }

  private static func row(_ trial: DataWeightTrial) -> JSONObject {
    [
      "event": "trial", "data_weight": JSONValue(trial.dataWeight),
      "temperature": JSONValue(trial.temperature), "loss": JSONValue(trial.nats),
      "accuracy": JSONValue(trial.accuracy),
    ]
  }

  private static func row(_ candidate: ProbeTraining.Candidate) -> JSONObject {
    [
      "event": "candidate", "inverse_strength": JSONValue(candidate.inverseStrength),
      "units": JSONValue(candidate.usedUnitCount),
      "validation_loss": JSONValue(candidate.validation.nats),
      "validation_accuracy": JSONValue(candidate.validation.accuracy),
    ]
  }

  private static func curve(_ trials: [DataWeightTrial]) -> Plot {
    Plot(
      title: "Nats of texts held out in turn", axisName: "weight of the data",
      series: [
        Plot.Series(
          name: "loss", points: trials.map { PlotPoint($0.dataWeight, $0.nats) },
          marks: .everywhere)
      ])
  }

  private static func curve(_ candidates: [ProbeTraining.Candidate]) -> Plot {
    Plot(
      title: "Part of the validation texts that is right",
      axisName: "inverse strength of the penalty",
      series: [
        Plot.Series(
          name: "accuracy",
          points: candidates.map { PlotPoint($0.inverseStrength, $0.validation.accuracy) },
          marks: .everywhere)
      ])
  }

  /// The curves of a network's training.
  static func curves(_ epochs: [NeuralEpoch]) -> [Plot] {
    func points(_ value: (NeuralEpoch) -> Double?) -> [PlotPoint] {
      epochs.compactMap { epoch in value(epoch).map { PlotPoint(epoch.epochs, $0) } }
    }
    return [
      Plot(
        title: "Loss in nats", axisName: "epochs",
        series: [
          Plot.Series(name: "training", points: points(\.trainingLoss), marks: .everywhere),
          Plot.Series(name: "validation", points: points(\.validation.nats), marks: .everywhere),
        ]),
      Plot(
        title: "Part of the validation texts that is right", axisName: "epochs",
        series: [
          Plot.Series(
            name: "accuracy", points: points(\.validation.accuracy), marks: .everywhere)
        ]),
    ].filter { !$0.isEmpty }
  }
}
