extension RunSettings {
  /// What a diagnosis must know of a run with these settings that did what `record` says.
  func circumstances(of record: RunRecord) -> Diagnosis.Circumstances {
    var circumstances = Diagnosis.Circumstances(
      dropout: dropoutToSet, isTrainingHindered: isTrainingHindered)
    if case .none = data.split { circumstances.isHeldOut = false }
    if let mostEpochs = plan.mostEpochs, let last = record.steps.last,
      last.epoch > Double(mostEpochs) - 0.5
    {
      circumstances.end = .epochs
    }
    if let patience, let best = record.best,
      record.measurements.count(where: { $0.step > best.step }) >= patience
    {
      circumstances.end = .patience
    }
    return circumstances
  }

  /// Between layers where there are several, else of the output.
  private var dropoutToSet: Diagnosis.Circumstances.Dropout {
    let names = type(of: model.architecture).hyperparameters.map(\.name)
    let values = model.architecture.values
    guard names.contains("dropout"), !names.contains("layers") || values.count("layers") > 1
    else {
      return Diagnosis.Circumstances.Dropout(
        option: "--output-dropout", rate: Double(trainer.regularization.outputDropout))
    }
    return Diagnosis.Circumstances.Dropout(option: "--dropout", rate: values.rate("dropout"))
  }

  /// Whether a training loss is of a harder task than a validation loss.
  private var isTrainingHindered: Bool {
    var againstHeart = trainer.regularization
    againstHeart.activation = 0
    againstHeart.temporalActivation = 0
    let hyperparameters = model.architecture.values.written(
      type(of: model.architecture).hyperparameters)
    let hinders = hyperparameters.contains { name, value in
      (name == "dropout" && dropoutToSet.option == "--dropout" || name.hasPrefix("zoneout"))
        && Double(value) != 0
    }
    return againstHeart != .none || hinders || trainer.noise != .none
  }
}
