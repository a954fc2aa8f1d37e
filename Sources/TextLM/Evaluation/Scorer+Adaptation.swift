#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How a model adapts to a text while it is measured on it; every text anew.
public struct Adaptation: Sendable, Equatable {
  /// What repeats what the text has shown; nil for no such thing.
  public var cache: NeuralCache?
  /// What learns from the text; nil to leave the weights as they are.
  public var dynamic: DynamicEvaluation?

  /// No adaptation unless given.
  public init(cache: NeuralCache? = nil, dynamic: DynamicEvaluation? = nil) {
    self.cache = cache
    self.dynamic = dynamic
  }
}

extension Scorer {
  /// Tokens read at once where nothing is learned from them.
  private static let readingLength = 64

  /// What each predicted token cost a model that adapts to the text, in nats, in the order of
  /// `plan.targets`. Each row of the plan is read in one pass, and the model and the cache begin every
  /// row as they were.
  ///
  /// With dynamic evaluation the model's weights change while this runs, and are then what they were:
  /// nothing else may use the model meanwhile.
  public func scores<Model: LanguageModel>(
    _ plan: ScoringPlan, _ model: Model, adapting adaptation: Adaptation
  ) -> [Float] {
    var nats: [Float] = []
    for row in plan.rows {
      let costs = costs(of: row, plan.tokens, model, adaptation)
      nats += costs.dropFirst(row.scoredFrom - row.start)
    }
    return nats
  }

  private func costs<Model: LanguageModel>(
    of row: ScoringPlan.Row, _ tokens: TokenStore, _ model: Model, _ adaptation: Adaptation
  ) -> [Float] {
    var cache = adaptation.cache
    var learner = adaptation.dynamic.map { DynamicLearner($0, model.parameters) }
    defer { learner?.restore() }
    var state = model.initialState(batchSize: 1)
    let reading = ForwardPass.inference(precision: precision)
    let length = adaptation.dynamic?.segmentLength ?? Self.readingLength
    var nats: [Float] = []
    for first in stride(from: row.start, to: row.end, by: length) {
      let places = first..<min(first + length, row.end)
      let input = TokenBatch(
        places.map { tokens[$0] }, timeLength: places.count, batchSize: 1)
      let targets = places.map { tokens[$0 + 1] }
      var read = (hidden: Tensor(0), logits: Tensor(0))
      if learner != nil {
        let (_, gradients) = valueWithGradientsInInference(precision: precision) { pass in
          read = model.read(input, state: &state, pass)
          return pass.softmaxCrossEntropy(read.logits, targets: targets)
        }
        learner?.learn(gradients)
        state = state.detached()
      } else {
        read = model.read(input, state: &state, reading)
      }
      var costs = read.logits.crossEntropyLosses(targets: targets).array
      if cache != nil {
        let hidden = read.hidden.reshaped(to: [places.count, read.hidden.shape.width])
        let mixed = cache?.mix(
          costs.map { exp(-Double($0)) }, of: targets, hidden: hidden.scaledToLengthOne)
        costs = mixed.map { $0.map { Float(-log($0)) } } ?? costs
      }
      nats += costs
      tokens.noteAccess(placeCount: 1)
    }
    return nats
  }
}

extension Tensor {
  /// Rows divided by their lengths, so that products of rows mean the same for every model.
  fileprivate var scaledToLengthOne: Tensor {
    let lengths = rowNorms().combined(.add, with: Tensor(1e-8))  // a row of zeros stays one
    return scalingRows(by: lengths.reciprocal())
  }
}

extension TextModel {
  /// How well the model predicts each of several texts when it adapts to each of them while it reads,
  /// one after the other in one pass each.
  ///
  /// With `includesEnds` that a text ends where it does is predicted too. Nothing else may use the model
  /// meanwhile. Throws `ScoringError.notFinite` with the place of a text whose cost is no number, as
  /// where a model learns at too high a rate, and `ScoringError.notAdaptable` for an n-gram model.
  public func score(
    _ texts: [UTF8Text], includesEnds: Bool = false, adapting adaptation: Adaptation,
    precision: ComputePrecision = Engine.evaluationPrecision
  ) throws(ScoringError) -> [Evaluation] {
    guard configuration.neural != nil else { throw .notAdaptable }
    let encoded = EncodedTexts(texts, self)
    let plan = encoded.plan(includesEnds: includesEnds, context: .exact)
    let costs = languageModel.costs(plan, Scorer(precision: precision), adaptation)
    return try encoded.evaluations(costs, includesEnds: includesEnds)
  }
}

extension LanguageModel {
  /// Opens the existential for the scorer.
  fileprivate func costs(
    _ plan: ScoringPlan, _ scorer: Scorer, _ adaptation: Adaptation
  ) -> [Float] {
    scorer.scores(plan, self, adapting: adaptation)
  }
}
