/// Running means and products of the units of a layer and a feature, from which correlations follow.
///
/// Means move with each step, so that units far from zero lose no digits (Welford, "Note on a Method for
/// Calculating Corrected Sums of Squares and Products", 1962).
package struct UnitSums {
  private var count = 0.0
  private var means: [Double]
  private var squares: [Double]
  private var products: [Double]
  private var featureMean = 0.0
  private var featureSquares = 0.0

  /// No steps yet of `size` units.
  package init(size: Int) {
    means = [Double](repeating: 0, count: size)
    squares = means
    products = means
  }

  /// Adds the values of all units at a step, and that of the feature.
  package mutating func add(_ values: [Float], _ feature: Float) {
    count += 1
    let featureChange = Double(feature) - featureMean
    featureMean += featureChange / count
    let featureRest = Double(feature) - featureMean
    featureSquares += featureChange * featureRest
    for (index, value) in values.enumerated() {
      let change = Double(value) - means[index]
      means[index] += change / count
      squares[index] += change * (Double(value) - means[index])
      products[index] += change * featureRest
    }
  }

  /// The standard deviation of a unit over the steps.
  package func deviation(of index: Int) -> Double {
    count > 0 ? (squares[index] / count).squareRoot() : 0
  }

  /// Pearson's correlation of a unit with the feature; 0 where one of them never changes.
  package func correlation(of index: Int) -> Double {
    let scale = (squares[index] * featureSquares).squareRoot()
    return scale > 0 ? products[index] / scale : 0
  }
}
