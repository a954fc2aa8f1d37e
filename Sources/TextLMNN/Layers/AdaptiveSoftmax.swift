public import TextLMTensors

/// Probabilities of very many classes, such as words, of which most are rare.
///
/// Classes are numbered by falling frequency. The first `cutoffs[0]` are told apart by the head at
/// once; all others lie in clusters, each of which is one more class of the head and has a smaller
/// output of its own:
///
/// ```
/// ln p(v) = ln softmax(W_head x)[v]                                               v in the head
/// ln p(v) = ln softmax(W_head x)[cluster] + ln softmax(W_i P_i x)[v − cutoffs[i]]  v in cluster i
/// ```
///
/// P_i maps inputs to the width inputSize / divisor^(i + 1), rounded down. Training computes a
/// cluster's classes only where one of them is the target, which is what saves time: a text's tokens
/// mostly lie in the head. With a vocabulary of some hundred classes there is nothing to save.
///
/// Parameters, named and shaped as in PyTorch's `AdaptiveLogSoftmaxWithLoss`: `head.weight`
/// [cutoffs[0] + clusters, inputSize], `head.bias` where asked for, and for each cluster `tail.i.0.weight`
/// (P_i) and `tail.i.1.weight` (W_i).
///
/// Reference: Édouard Grave et al., "Efficient softmax approximation for GPUs", 2017.
public struct AdaptiveSoftmax: Sendable {
  /// Classes that share an output of their own.
  private struct Cluster: Sendable {
    let classes: Range<Int>
    let projection: Linear
    let output: Linear

    /// Logits of its classes.
    func logits(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
      output(projection(input, pass), pass)
    }
  }

  /// Width of the inputs.
  public let inputSize: Int
  /// V, the number of classes.
  public let classCount: Int
  /// How many classes the head tells apart by itself.
  public let headClassCount: Int
  private let head: Linear
  private let clusters: [Cluster]

  /// An output for `classCount` classes, cut into head and clusters before the classes in `cutoffs`.
  ///
  /// The greater the divisor, the narrower each cluster is beside the one before it; PyTorch's is 4.
  /// Requires rising cutoffs from 1 to below the number of classes, at least one, and a divisor of at
  /// least 1 that leaves every cluster a width.
  public init(
    inputSize: Int, classCount: Int, cutoffs: [Int], divisor: Double = 4, hasHeadBias: Bool = false,
    in scope: ParameterScope
  ) throws {
    let bounds = cutoffs + [classCount]
    require(
      !cutoffs.isEmpty && bounds[0] >= 1 && zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 },
      "adaptive softmax: cutoffs \(cutoffs) do not rise from 1 to below \(classCount)")
    require(divisor >= 1, "adaptive softmax: a divisor of \(divisor) is below 1")
    self.inputSize = inputSize
    self.classCount = classCount
    headClassCount = bounds[0]
    head = try Linear(
      inputSize: inputSize, outputSize: bounds[0] + cutoffs.count, hasBias: hasHeadBias,
      in: scope["head"])
    var width = Double(inputSize)
    var clusters: [Cluster] = []
    for (index, (first, end)) in zip(bounds, bounds.dropFirst()).enumerated() {
      width /= divisor
      require(
        width >= 1, "adaptive softmax: cluster \(index) of inputs of width \(inputSize) has none")
      let place = scope["tail"][index]
      clusters.append(
        Cluster(
          classes: first..<end,
          projection: try Linear(
            inputSize: inputSize, outputSize: Int(width), hasBias: false, in: place[0]),
          output: try Linear(
            inputSize: Int(width), outputSize: end - first, hasBias: false, in: place[1])))
    }
    self.clusters = clusters
  }

  /// The logarithm of every class's probability: [.., inputSize] becomes [.., V].
  public func logProbabilities(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    let axis = input.shape.rank - 1
    let head = pass.logSoftmax(head(input, pass))  // [.., head classes + clusters]
    let parts = pass.split(
      head, [headClassCount] + clusters.map { _ in 1 }, axis: axis)
    let tails = zip(clusters, parts.dropFirst()).map { cluster, chosen in
      // The cluster's own logarithm, [.., 1], is a part of each of its classes'.
      pass.add(pass.logSoftmax(cluster.logits(input, pass)), chosen)  // [.., classes]
    }
    return pass.concatenate([parts[0]] + tails, axis: axis)
  }

  /// The mean of −ln p over all targets, in nats, of shape `[]`, computing only the clusters that
  /// targets lie in.
  ///
  /// Inputs are [.., inputSize], one row a target. A negative target leaves its row out of the mean;
  /// the mean of no target at all is 0. Requires as many targets as rows, each below V.
  public func loss(_ input: Tensor, targets: [Int32], _ pass: ForwardPass) -> Tensor {
    require(
      targets.count == input.shape.rowCount && targets.allSatisfy { Int($0) < classCount },
      "adaptive softmax: \(targets.count) targets below \(classCount) for inputs \(input.shape)")
    let headTargets = targets.map { target in
      let cluster = clusters.firstIndex { $0.classes.contains(Int(target)) }
      return cluster.map { Int32(headClassCount + $0) } ?? target
    }
    let counted = max(targets.count { $0 >= 0 }, 1)
    let rows = input.reshaped(to: [targets.count, inputSize])
    var loss = pass.softmaxCrossEntropy(head(input, pass), targets: headTargets)
    for cluster in clusters {
      let places = targets.indices.filter { cluster.classes.contains(Int(targets[$0])) }
      guard !places.isEmpty else { continue }
      let found = pass.gather(
        TokenBatch(places.map { Int32($0) }, timeLength: places.count, batchSize: 1), from: rows)
      let mean = pass.softmaxCrossEntropy(
        cluster.logits(found, pass),  // [places, 1, classes]
        targets: places.map { targets[$0] - Int32(cluster.classes.lowerBound) })
      loss = pass.add(loss, pass.scale(mean, by: Float(places.count) / Float(counted)))
    }
    return loss
  }
}
