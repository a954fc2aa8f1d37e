/// Measures how well a model predicts tokens.
public struct Scorer: Sendable {
  /// The operands' format in matrix products.
  public let precision: ComputePrecision
  /// Steps read at once.
  private static let chunkLength = 64

  /// A scorer; unless asked otherwise it is as exact as float32 to a millionth, so that numbers do not
  /// depend on the processor.
  public init(precision: ComputePrecision = Engine.evaluationPrecision) {
    self.precision = precision
  }

  /// What each predicted token cost, in nats, in the order of `plan.targets`; with its rank among
  /// all tokens, 1 being the most likely, when `withRanks`.
  public func scores<Model: LanguageModel>(
    _ plan: ScoringPlan, _ model: Model, withRanks: Bool = false
  ) -> (nats: [Float], ranks: [Int32]) {
    var nats = [Float](repeating: 0, count: plan.targetCount)
    var ranks = [Int32](repeating: 0, count: withRanks ? plan.targetCount : 0)
    forEachPlacedPrediction(of: plan, model) { place, prediction in
      nats[place] = prediction.nats
      if withRanks { ranks[place] = prediction.rank }
    }
    return (nats, ranks)
  }

  /// Runs `body` with each prediction that counts, in no promised order, and its place among
  /// `plan.targets`; the prediction's logits must not outlive the call.
  func forEachPlacedPrediction<Model: LanguageModel>(
    of plan: ScoringPlan, _ model: Model, _ body: (_ place: Int, _ prediction: Prediction) -> Void
  ) {
    let pass = ForwardPass.inference(precision: precision)
    var firstTarget = 0
    forEachBatch(of: plan) { batch in
      // Where the results of each row go, less the position of its first counted prediction.
      var places: [Int] = []
      for row in batch {
        places.append(firstTarget - row.scoredFrom)
        firstTarget += row.end - row.scoredFrom
      }
      return score(batch, plan.tokens, model, pass) { prediction in
        body(places[prediction.row] + prediction.position, prediction)
      }
    }
  }

  /// What all predictions cost together, in memory that does not grow with their number; `counts`
  /// is the size of the text.
  ///
  /// `isWanted` is asked every few thousand tokens; once it answers false, the result is nil.
  public func evaluation<Model: LanguageModel>(
    _ plan: ScoringPlan, _ model: Model, counts: TextCounts, unknownPenaltyNats: Double,
    isWanted: () -> Bool
  ) -> Evaluation? {
    let pass = ForwardPass.inference(precision: precision)
    var nats = 0.0
    let isComplete = forEachBatch(of: plan) { batch in
      var sums = [Double](repeating: 0, count: batch.count)
      let isRead = score(batch, plan.tokens, model, pass, isWanted: isWanted) { result in
        let penalty = result.target == Vocabulary.unknown ? unknownPenaltyNats : 0
        sums[result.row] += Double(result.nats) + penalty
      }
      for sum in sums { nats += sum }
      return isRead
    }
    guard isComplete else { return nil }
    return Evaluation(nats: nats, tokenCount: plan.targetCount, counts: counts)
  }

  /// Runs `body` with each prediction that counts, in no promised order: the target, and the logits
  /// [V] that it was predicted with, which must not outlive the call.
  func forEachPrediction<Model: LanguageModel>(
    of plan: ScoringPlan, _ model: Model,
    _ body: (_ target: TokenID, _ logits: UnsafeBufferPointer<Float>) -> Void
  ) {
    let pass = ForwardPass.inference(precision: precision)
    forEachBatch(of: plan) { batch in
      score(batch, plan.tokens, model, pass) { body($0.target, $0.logits) }
    }
  }

  /// Runs `body` with one batch after another until it answers false; whether it never did.
  @discardableResult
  private func forEachBatch(of plan: ScoringPlan, _ body: ([ScoringPlan.Row]) -> Bool) -> Bool {
    var rows = plan.rows[...]
    while !rows.isEmpty {
      let batch = Array(rows.prefix(ScoringPlan.mostRows))
      rows = rows.dropFirst(batch.count)
      guard body(batch) else { return false }
    }
    return true
  }

  /// One prediction that counts.
  struct Prediction {
    /// The index of its row among those of the batch.
    var row: Int
    /// The place of the token before it.
    var position: Int
    var target: TokenID
    var nats: Float
    var logits: UnsafeBufferPointer<Float>

    /// 1 + the number of tokens with a greater logit; equal ones count when their id is lower.
    var rank: Int32 {
      let own = logits[Int(target)]
      var rank: Int32 = 1
      for (token, logit) in logits.enumerated()
      where logit > own || (logit == own && token < Int(target)) {
        rank += 1
      }
      return rank
    }
  }

  /// Reads the rows side by side; false when `isWanted` ended it.
  private func score<Model: LanguageModel>(
    _ rows: [ScoringPlan.Row], _ tokens: TokenStore, _ model: Model, _ pass: ForwardPass,
    isWanted: () -> Bool = { true }, _ body: (Prediction) -> Void
  ) -> Bool {
    var state = model.initialState(batchSize: rows.count)
    let longest = rows.reduce(0) { max($0, $1.end - $1.start) }
    let width = model.vocabularySize
    for first in stride(from: 0, to: longest, by: Self.chunkLength) {
      guard isWanted() else { return false }
      let time = min(Self.chunkLength, longest - first)
      let (input, targets) = Self.batch(rows, tokens, first: first, time: time)
      let logits = model(input, state: &state, pass)  // [T, B, V]
      let losses = logits.crossEntropyLosses(targets: targets)  // [T B]
      losses.withUnsafeBuffer { losses in
        logits.withUnsafeBuffer { logits in
          for (index, target) in targets.enumerated() where target >= 0 {
            let row = index % rows.count
            let logits = logits.extracting(index * width..<(index + 1) * width)
            body(
              Prediction(
                row: row, position: rows[row].start + first + index / rows.count, target: target,
                nats: losses[index], logits: logits))
          }
        }
      }
      tokens.noteAccess(placeCount: rows.count)
    }
    return true
  }

  /// Steps `first ..< first + time` of all rows; rows that have ended read the boundary token, and
  /// what does not count has target -1.
  private static func batch(
    _ rows: [ScoringPlan.Row], _ tokens: TokenStore, first: Int, time: Int
  ) -> (TokenBatch, targets: [TokenID]) {
    var input: [TokenID] = []
    var targets: [TokenID] = []
    for step in first..<first + time {
      for row in rows {
        let position = row.start + step
        let isInside = position < row.end
        input.append(isInside ? tokens[position] : Vocabulary.boundary)
        targets.append(isInside && position >= row.scoredFrom ? tokens[position + 1] : -1)
      }
    }
    return (TokenBatch(input, timeLength: time, batchSize: rows.count), targets)
  }
}
