/// What a classifier should say of a batch, as numbers with weights.
///
/// With one label a text, Q [B, K] is the part 1 − ε of each text's weight at its class and ε / K at every
/// class, and the loss is −Σ Q ∘ ln softmax(y). With sigmoids, W [B, outputs] are weights and T are the
/// targets 0 and 1, drawn by ε towards a half; the loss is Σ W ∘ (ln(1 + eʸ) − T ∘ y). Weights are parts of
/// their sum, so that a loss of two classes that are weighted is as large as one of two that are not.
struct ClassifierTargets {
  private let kind: LabelKind
  /// Q, or W ∘ T.
  private let values: Tensor
  /// W, unused with one label a text.
  private let weights: Tensor

  /// - Parameters:
  ///   - truth: The classes of each text; exactly one unless there may be several.
  ///   - classWeights: What a text of each class counts, or with several labels each of the labels that
  ///     it has; nil for all the same.
  ///   - smoothing: ε.
  init(
    _ truth: [[Int]], labels: LabelSet, classWeights: [Double]? = nil, smoothing: Float = 0
  ) {
    kind = labels.kind
    let width = ClassifierHead.outputCount(labels)
    var (values, weights) = ([Double](), [Double]())
    for classes in truth {
      for output in 0..<width {
        let ownWeight: (Int) -> Double = { classWeights?[$0] ?? 1 }
        let isTrue: Bool
        switch labels.kind {
        case .single:
          isTrue = classes[0] == output
          weights.append(ownWeight(classes[0]))
        case .ordinal:
          isTrue = ClassifierHead.isTrue(.ordinal, output: output, truth: classes)
          weights.append(ownWeight(classes[0]))
        case .multiple:
          isTrue = classes.contains(output)
          weights.append(isTrue ? ownWeight(output) : 1)
        }
        let even = labels.kind == .single ? 1 / Double(width) : 0.5
        let rate = Double(smoothing)
        values.append((isTrue ? 1 - rate : 0) + rate * even)
      }
    }
    // Of one label a text, all outputs of a row share its weight.
    let total =
      weights.reduce(0, +) / (labels.kind == .single ? Double(width) : 1)
    let scale = total > 0 ? 1 / total : 0
    let shape: Shape = [truth.count, width]
    self.weights = Tensor(weights.map { Float($0 * scale) }, shape: shape)
    self.values = Tensor(
      zip(values, weights).map { Float($0 * $1 * scale) }, shape: shape)
  }

  /// The loss of logits [B, outputs], of shape `[]`.
  func loss(_ logits: Tensor, _ pass: ForwardPass) -> Tensor {
    guard kind != .single else {
      return pass.scale(pass.sum(pass.multiply(pass.logSoftmax(logits), values)), by: -1)
    }
    return pass.sum(
      pass.subtract(
        pass.multiply(pass.softplus(logits), weights), pass.multiply(logits, values)))
  }
}
