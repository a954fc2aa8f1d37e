/// What the training of a classifier tells.
public enum ClassifierTrainingEvent: Sendable {
  /// Something was found out that is worth telling, such as a damaged state.
  case notice(String)
  /// A step of the linear model of this number, from 1 on, is about to be taken; 0 while texts are read for
  /// the first. There is one for each part that is held out, weight that is tried and question to answer.
  case fitting(model: Int)
  /// A weight of the data was tried for n-grams.
  case trial(DataWeightTrial)
  /// A strength of the penalty was tried for a probe.
  case candidate(ProbeTraining.Candidate)
  /// A network has taken a step or was measured.
  case network(NeuralTrainingEvent)
}
