import CTextLMKernels

extension Tensor {
  /// −log softmax(row)[target] of each row of these logits [.., V], in nats; 0 where the target is
  /// negative.
  ///
  /// Returns shape [rows]. Requires one target a row, each below V.
  package func crossEntropyLosses(targets: [Int32]) -> Tensor {
    requireTargets(targets)
    return mapped(to: [targets.count]) { logits, losses in
      tlm_softmax_cross_entropy(
        targets.count, shape.width, logits, targets, 1, losses, nil)
    }
  }

  /// The losses as above, and the gradient of gradientScale · Σ losses with respect to the logits,
  /// [.., V].
  package func crossEntropyWithGradient(
    targets: [Int32], gradientScale: Float
  ) -> (losses: Tensor, gradient: Tensor) {
    requireTargets(targets)
    var losses = Tensor(zeros: [targets.count])
    let gradient = mapped(to: shape) { logits, gradient in
      losses.overwrite { _, losses in
        tlm_softmax_cross_entropy(
          targets.count, shape.width, logits, targets, gradientScale, losses, gradient)
      }
    }
    return (losses, gradient)
  }

  /// What the logits [.., V] are multiplied with by label smoothing: ε (onehot − 1 / V) in each row,
  /// zeros where the target is negative.
  package func smoothingCoefficients(targets: [Int32], smoothing: Float) -> Tensor {
    requireTargets(targets)
    let width = shape.width
    return Tensor(shape: shape) { address in
      for (row, target) in targets.enumerated() {
        let start = address + row * width
        start.update(repeating: target < 0 ? 0 : -smoothing / Float(width), count: width)
        if target >= 0 { start[Int(target)] += smoothing }
      }
    }
  }

  private func requireTargets(_ targets: [Int32]) {
    require(
      targets.count == shape.rowCount,
      "cross entropy: \(targets.count) targets for logits \(shape), which have \(shape.rowCount) rows"
    )
    for (row, target) in targets.enumerated() where Int(target) >= shape.width {
      fatalError(
        "cross entropy: target \(target) of row \(row), logits \(shape) have \(shape.width) classes"
      )
    }
  }
}

extension Engine {
  /// −log softmax(logits)[target], in nats. Requires a target below their number.
  package static func crossEntropyLoss(of target: Int32, in logits: [Float]) -> Float {
    require(
      logits.indices.contains(Int(target)),
      "cross entropy: target \(target) of \(logits.count) classes")
    var loss: Float = 0
    withUnsafePointer(to: target) { target in
      tlm_softmax_cross_entropy(1, logits.count, logits, target, 1, &loss, nil)
    }
    return loss
  }
}
