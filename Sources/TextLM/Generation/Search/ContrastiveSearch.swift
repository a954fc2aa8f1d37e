#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Takes, of the likeliest tokens, the one that is likely and leads to a hidden state unlike all before:
/// a text that neither errs nor repeats itself, and of which nothing is drawn.
///
/// v = argmax over the k likeliest of (1 − α) p(v) − α maxⱼ cos(h_v, h_j), where h_v is what the model
/// knows after v and h_j what it knew after each token before.
///
/// Reference: Yixuan Su et al., "A Contrastive Framework for Neural Text Generation", 2022.
public struct ContrastiveSearch: Sendable, Equatable {
  /// k.
  public let candidateCount: Int
  /// α: 0 takes the likeliest, 1 the least like what was before.
  public let penalty: Double

  /// Throws `SamplingError` unless 2 <= k <= 1024 and 0 <= α <= 1.
  public init(candidateCount: Int = 4, penalty: Double = 0.6) throws(SamplingError) {
    guard 2...1024 ~= candidateCount else {
      throw .outOfRange(
        name: "candidates", value: "\(candidateCount)", allowed: "from 2 to 1024")
    }
    guard 0...1 ~= penalty else {
      throw .outOfRange(name: "penalty-alpha", value: "\(penalty)", allowed: "from 0 to 1")
    }
    self.candidateCount = candidateCount
    self.penalty = penalty
  }

  /// The text. `course` begins it and has a bound.
  func text(
    _ reader: any NextTokenReader, prompt: [TokenID], course: TextCourse
  ) -> RankedText {
    var course = course
    var tokens: [WrittenToken] = []
    let read = reader.states(after: [Vocabulary.boundary] + prompt)
    var directions = read.hidden.map(Self.normalized)
    var logits = read.logits
    var row = 0
    while course.finishReason == nil, let allowed = course.allowed(logits) {
      let candidates = candidates(allowed)
      let states = reader.states(
        after: candidates, origins: [Int](repeating: row, count: candidates.count))
      let probabilities = candidates.map { exp(-TokenCost.nats(of: $0, in: logits)) }
      let own = states.map { Self.normalized($0.hidden) }
      let scores = candidates.indices.map { index -> Double in
        let nearest = directions.map { Self.product($0, own[index]) }.max() ?? 0
        return (1 - penalty) * probabilities[index] - penalty * Double(nearest)
      }
      // Of equal ones the likeliest, which comes first.
      row = scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
      let goesOn = course.append(candidates[row], logits)
      tokens += course.takeReleased()
      if !goesOn { break }
      directions.append(own[row])
      logits = states[row].logits
    }
    tokens += course.takeReleased()
    let nats = tokens.reduce(0) { $0 + $1.nats }
    return RankedText(
      tokens: tokens, finishReason: course.finishReason ?? .length,
      score: nats / Double(max(1, tokens.count)), seed: nil)
  }

  /// The likeliest of the tokens that may come, the likeliest first.
  private func candidates(_ allowed: [Float]) -> [TokenID] {
    let possible = allowed.indices.filter { allowed[$0] > -.infinity }
    return possible.sorted { (-allowed[$0], $0) < (-allowed[$1], $1) }
      .prefix(candidateCount).map { TokenID($0) }
  }

  private static func normalized(_ vector: [Float]) -> [Float] {
    let length = product(vector, vector).squareRoot()
    return length > 0 ? vector.map { $0 / length } : vector
  }

  private static func product(_ left: [Float], _ right: [Float]) -> Float {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
