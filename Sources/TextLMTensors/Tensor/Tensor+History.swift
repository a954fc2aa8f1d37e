/// Rings of the last L steps of sequences, [B, L, C]: the step at position p of row b is at place p
/// mod L.
///
/// `positions` are those of each row's first new step.
extension Tensor {
  /// The steps of this ring, oldest first, and then those of `input` [T, B, C]: [L + T, B, C].
  package func history(before input: Tensor, positions: [Int]) -> Tensor {
    requireRing(for: input, positions)
    let (batch, length, width) = (shape[0], shape[1], shape[2])
    let newCount = input.shape.count
    return mapped(with: input, to: [length + input.shape[0], batch, width]) { ring, input, result in
      for (row, position) in positions.enumerated() {
        for step in 0..<length {
          let place = row * length + (position + step) % length
          (result + (step * batch + row) * width).update(from: ring + place * width, count: width)
        }
      }
      (result + length * batch * width).update(from: input, count: newCount)
    }
  }

  /// Some of the steps before a single new one, and that one: those `distances` steps back, [count, B,
  /// C], 0 being the new one itself. Requires distances of L at most.
  package func history(before input: Tensor, positions: [Int], distances: [Int]) -> Tensor {
    requireRing(for: input, positions)
    let (batch, length, width) = (shape[0], shape[1], shape[2])
    return mapped(with: input, to: [distances.count, batch, width]) { ring, input, result in
      for (index, distance) in distances.enumerated() {
        for (row, position) in positions.enumerated() {
          let place = row * length + (position + length - distance) % length
          (result + (index * batch + row) * width).update(
            from: distance == 0 ? input + row * width : ring + place * width, count: width)
        }
      }
    }
  }

  /// Puts the last steps of `input` [T, B, C] into this ring, in place where nobody else holds it.
  package mutating func keepHistory(of input: Tensor, positions: [Int]) {
    requireRing(for: input, positions)
    let (batch, length, width) = (shape[0], shape[1], shape[2])
    let (count, time) = (shape.count, input.shape[0])
    withExtendedLifetime(input) {
      overwrite { before, ring in
        if before != UnsafePointer(ring) { ring.update(from: before, count: count) }
        for (row, position) in positions.enumerated() {
          for step in max(0, time - length)..<time {
            let place = row * length + (position + step) % length
            (ring + place * width).update(
              from: input.address + (step * batch + row) * width, count: width)
          }
        }
      }
    }
  }

  /// Gradients of the ring before and of the input, where self is that of `history(before:)` [L + T, B,
  /// C]; `after` is that of the ring that `keepHistory` left, nil for zero.
  package func historyGradients(
    ringLength length: Int, after: Tensor?, positions: [Int]
  ) -> (ring: Tensor, input: Tensor) {
    let (batch, width) = (shape[1], shape[2])
    let time = shape[0] - length
    var inputGradient = Tensor(stacking: [self[rows: length..<length + time]])
    let inputShape = inputGradient.shape
    let ringGradient = withExtendedLifetime((self, after)) {
      Tensor(shape: [batch, length, width]) { ring in
        inputGradient.overwrite { _, input in
          for (row, position) in positions.enumerated() {
            for step in 0..<length {
              let place = row * length + (position + step) % length
              (ring + place * width).update(
                from: address + (step * batch + row) * width, count: width)
              guard let after else { continue }
              // The last new step at this place, if there is one; else what was there stays.
              let latest = step + (time - 1 - step >= 0 ? (time - 1 - step) / length * length : 0)
              let target =
                step < time ? input + (latest * batch + row) * width : ring + place * width
              for channel in 0..<width {
                target[channel] += after.address[place * width + channel]
              }
            }
          }
        }
      }
    }
    return (ringGradient, inputGradient.reshaped(to: inputShape))
  }

  private func requireRing(for input: Tensor, _ positions: [Int]) {
    require(
      shape.rank == 3 && shape[1] > 0 && input.shape.rank == 3 && input.shape[1] == shape[0]
        && input.shape[2] == shape[2] && positions.count == shape[0],
      "history: a ring \(shape) for steps \(input.shape) at \(positions.count) positions")
  }
}
