/// What the training of a classifier tells.
public enum ClassifierTrainingEvent: Sendable {
  /// A weight of the data was tried for n-grams.
  case trial(DataWeightTrial)
  /// A strength of the penalty was tried for a probe.
  case candidate(ProbeTraining.Candidate)
  /// A network has taken a step or was measured.
  case network(NeuralTrainingEvent)
}
