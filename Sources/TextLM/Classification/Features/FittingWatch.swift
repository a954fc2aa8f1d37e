/// Tells which linear model is being fitted, and hears between the steps whether it is still wanted.
final class FittingWatch {
  private let observe: (Int) -> Bool
  private var modelCount = 0

  /// A watch that tells `observe` the number of the model that is being fitted, 0 before the first one; it
  /// answers false to stop.
  init(_ observe: @escaping (Int) -> Bool) {
    self.observe = observe
  }

  /// Fits a model.
  func solution(
    of problem: LogisticRegression, dataWeight: Double, from start: [Double],
    tolerance: Double = LogisticRegression.tolerance
  ) throws(ClassifierTrainingError) -> [Double] {
    modelCount += 1
    return try problem.solution(
      dataWeight: dataWeight, from: start, tolerance: tolerance, checkStop: check)
  }

  /// Ends the training if it is no longer wanted.
  func check() throws(ClassifierTrainingError) {
    guard observe(modelCount) else { throw .stopped }
  }
}
