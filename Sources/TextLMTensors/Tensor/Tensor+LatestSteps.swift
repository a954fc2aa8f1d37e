extension Tensor {
  /// The last N steps of each row, where self [B, N · D] is N steps of each row, the latest last, and
  /// `input` [T, B, D] comes after them; zeros for steps from before a row began anew, as `restarts`
  /// [T, B] says.
  package func appendingSteps(_ input: Tensor, restarts: [Bool]?) -> Tensor {
    let places = LatestSteps(past: shape, input: input.shape, restarts)
    var result = Tensor(zeros: shape)
    result.overwriteInPlace { result in
      withUnsafeBuffer { past in
        input.withUnsafeBuffer { input in
          guard let past = past.baseAddress, let input = input.baseAddress else { return }
          places.forEach { place, source in
            (result + place).update(
              from: source.isPast ? past + source.offset : input + source.offset,
              count: places.width)
          }
        }
      }
    }
    return result
  }

  /// The transpose of that map: the gradient of the result becomes those of the past and of the
  /// input.
  package func splittingAppended(
    past: Shape, input: Shape, restarts: [Bool]?
  ) -> (past: Tensor, input: Tensor) {
    let places = LatestSteps(past: past, input: input, restarts)
    var (pastGradient, inputGradient) = (Tensor(zeros: past), Tensor(zeros: input))
    withUnsafeBuffer { gradient in
      guard let gradient = gradient.baseAddress else { return }
      pastGradient.overwriteInPlace { past in
        inputGradient.overwriteInPlace { input in
          places.forEach { place, source in
            (source.isPast ? past + source.offset : input + source.offset).update(
              from: gradient + place, count: places.width)
          }
        }
      }
    }
    return (pastGradient, inputGradient)
  }
}

/// Where the last N steps of rows come from.
private struct LatestSteps {
  /// D.
  let width: Int
  private let time, batch, count: Int
  /// The step at which each row last began anew; nil if it did not.
  private let beginnings: [Int?]

  init(past: Shape, input: Shape, _ restarts: [Bool]?) {
    require(
      input.rank == 3 && past.rank == 2 && past[0] == input[1]
        && past[1].isMultiple(of: input[2]),
      "latest steps: past \(past) of a sequence \(input)")
    (time, batch, width) = (input[0], input[1], input[2])
    count = past[1] / width
    beginnings = (0..<batch).map { [time, batch] row in
      restarts.flatMap { flags in (0..<time).last { flags[$0 * batch + row] } }
    }
  }

  /// Calls `body` with the offset of each step in the result, and where it is copied from; not for
  /// steps that are forgotten.
  func forEach(_ body: (_ place: Int, _ source: (isPast: Bool, offset: Int)) -> Void) {
    for row in 0..<batch {
      for step in 0..<count {
        let from = time - count + step
        if let beginning = beginnings[row], from < beginning { continue }
        let offset = from < 0 ? row * count + count + from : from * batch + row
        body((row * count + step) * width, (from < 0, offset * width))
      }
    }
  }
}
