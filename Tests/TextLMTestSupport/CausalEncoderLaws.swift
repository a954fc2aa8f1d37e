public import Testing
public import TextLMNN
import TextLMTensors

/// Checks everything a `CausalEncoder` promises, on the encoder that `make` makes.
///
/// Shapes; T steps at once equal any split of them; no output knows of later inputs; rows do not
/// know of each other; gradients of input, state and parameters match differences; `detached()`
/// cuts gradients and nothing else; tokens equal gathered rows; a state survives being taken apart;
/// and all laws of `SequenceEncoder`. `make` should make a small encoder, since gradients are
/// checked element by element, or for some elements and for all together where a tensor has many; with
/// restarts, and with padding, for a few and for all together. `differenceStep` is what they are moved
/// by.
public func checkCausalEncoderLaws<Encoder: CausalEncoder>(
  differenceStep: Float = 1 / 32, sourceLocation: SourceLocation = #_sourceLocation,
  make: (ParameterScope) throws -> Encoder
) throws {
  let laws = CausalEncoderLaws(
    fixture: try EncoderFixture(make), differenceStep: differenceStep,
    sourceLocation: sourceLocation)
  laws.shapes()
  laws.partsEqualWhole()
  laws.outputsIgnoreLaterInputs()
  laws.rowsAreIndependent()
  laws.gradientsMatchDifferences()
  laws.detachingCutsGradientsOnly()
  laws.tokensEqualGatheredRows()
  laws.restartsEqualCutting()
  laws.gradientsThroughRestartsMatchDifferences()
  laws.stateSurvivesBeingTakenApart()
  laws.inferenceDrawsNothing()
  try checkSequenceEncoderLaws(
    differenceStep: differenceStep, singlePlaceCount: fewPlaces, sourceLocation: sourceLocation,
    make: make)
}

/// How many elements of a tensor are moved by themselves where gradients are checked again, in other
/// circumstances than those in which they were checked closely.
private let fewPlaces = 4

/// One function a law.
///
/// The tolerance is for float32 sums of some dozen terms of order 1, taken in different orders.
private struct CausalEncoderLaws<Encoder: CausalEncoder> {
  let fixture: EncoderFixture<Encoder>
  let differenceStep: Float
  let sourceLocation: SourceLocation
  let tolerance = 1e-5

  private var encoder: Encoder { fixture.encoder }

  func shapes() {
    let (output, state) = fixture.run(fixture.input)
    #expect(
      output.shape == [fixture.timeLength, fixture.batchSize, encoder.outputSize],
      "output shape", sourceLocation: sourceLocation)
    let initial = encoder.initialState(batchSize: fixture.batchSize)
    #expect(
      state.tensors.map(\.shape) == initial.tensors.map(\.shape),
      "state shapes before and after", sourceLocation: sourceLocation)
  }

  func partsEqualWhole() {
    let whole = fixture.run(fixture.input)
    let splits = (1..<fixture.timeLength).map { [0, $0] } + [Array(0..<fixture.timeLength)]
    for starts in splits {
      let parts = fixture.run(fixture.input, inPartsFrom: starts)
      expectClose(
        parts.output, whole.output, tolerance: tolerance, "output in parts from \(starts)",
        sourceLocation: sourceLocation)
      for (part, complete) in zip(parts.state.tensors, whole.state.tensors) {
        expectClose(
          part, complete, tolerance: tolerance, "state after parts from \(starts)",
          sourceLocation: sourceLocation)
      }
    }
  }

  func outputsIgnoreLaterInputs() {
    let output = fixture.run(fixture.input).output
    for step in 1..<fixture.timeLength {
      let disturbed = fixture.run(fixture.disturbing(fixture.input, step: step, row: 0)).output
      expectIdentical(
        disturbed[rows: 0..<step], output[rows: 0..<step],
        "outputs before step \(step), whose input changed", sourceLocation: sourceLocation)
      let isUnchanged = disturbed.array == output.array
      #expect(!isUnchanged, "input \(step) has no influence", sourceLocation: sourceLocation)
    }
  }

  func rowsAreIndependent() {
    let whole = fixture.run(fixture.input).output
    for row in 0..<fixture.batchSize {
      let alone = fixture.run(fixture.onlyRow(row, of: fixture.input)).output
      expectClose(
        alone, fixture.onlyRow(row, of: whole), tolerance: tolerance, "row \(row) alone",
        sourceLocation: sourceLocation)
      let others = fixture.run(
        fixture.disturbing(fixture.input, step: 0, row: (row + 1) % fixture.batchSize))
      expectIdentical(
        fixture.onlyRow(row, of: others.output), fixture.onlyRow(row, of: whole),
        "row \(row) when another changed", sourceLocation: sourceLocation)
    }
  }

  /// The outputs and the last state both enter the loss, so that gradients through the state count.
  func gradientsMatchDifferences() {
    let state = fixture.someState
    checkGradients(
      "causal encoder", parameters: fixture.parameters, inputs: [fixture.input] + state.tensors,
      differenceStep: differenceStep, sourceLocation: sourceLocation
    ) { pass, inputs in
      var state = state.replacingTensors(with: Array(inputs.dropFirst()))
      var result = flattened(encoder(inputs[0], state: &state, pass))
      for tensor in state.tensors { result = pass.concatenate(result, flattened(tensor)) }
      return result
    }
  }

  /// Row b begins anew before step t; one does so before the first, one before the last.
  private var restarts: Restarts {
    Restarts(
      (0..<fixture.timeLength * fixture.batchSize).map { ($0 * $0 + $0) % 7 % 3 == 0 })
  }

  /// Reading on from a new state gives the same as reading each part by itself.
  func restartsEqualCutting() {
    var state = fixture.someState
    let whole = encoder(fixture.input, restarts: restarts, state: &state, .inference())
    for row in 0..<fixture.batchSize {
      let input = fixture.onlyRow(row, of: fixture.input)
      var alone = EncoderFixture<Encoder>.row(row, of: fixture.someState)
      var steps: [Tensor] = []
      for step in 0..<fixture.timeLength {
        if restarts.flag(step: step, row: row, batchSize: fixture.batchSize) {
          alone = encoder.initialState(batchSize: 1)
        }
        steps.append(encoder(input[rows: step..<step + 1], state: &alone, .inference()))
      }
      expectClose(
        fixture.onlyRow(row, of: whole), Tensor(stacking: steps), tolerance: tolerance,
        "row \(row) with restarts", sourceLocation: sourceLocation)
      for (part, complete) in zip(
        alone.tensors, EncoderFixture<Encoder>.row(row, of: state).tensors)
      {
        expectClose(
          part, complete, tolerance: tolerance, "state of row \(row) after restarts",
          sourceLocation: sourceLocation)
      }
    }
  }

  func gradientsThroughRestartsMatchDifferences() {
    let state = fixture.someState
    checkGradients(
      "causal encoder with restarts", parameters: fixture.parameters,
      inputs: [fixture.input] + state.tensors, differenceStep: differenceStep,
      singlePlaceCount: fewPlaces, sourceLocation: sourceLocation
    ) { pass, inputs in
      var state = state.replacingTensors(with: Array(inputs.dropFirst()))
      var result = flattened(encoder(inputs[0], restarts: restarts, state: &state, pass))
      for tensor in state.tensors { result = pass.concatenate(result, flattened(tensor)) }
      return result
    }
  }

  func detachingCutsGradientsOnly() {
    let (time, split) = (fixture.timeLength, 2)
    let early = fixture.input[rows: 0..<split]
    let late = fixture.input[rows: split..<time]
    func run(detaching: Bool) -> (value: Float, early: Tensor?, late: Tensor?) {
      let (value, gradients) = valueWithGradients(random: RandomSource(seed: 1)) { pass in
        pass.watch(early)
        pass.watch(late)
        var state = encoder.initialState(batchSize: fixture.batchSize)
        _ = encoder(early, state: &state, pass)
        if detaching { state = state.detached() }
        let output = encoder(late, state: &state, pass)
        return pass.sum(pass.multiply(output, fill(99, output.shape, 1)))
      }
      return (value, gradients[early], gradients[late])
    }
    let (attached, detached) = (run(detaching: false), run(detaching: true))
    #expect(
      attached.value == detached.value, "detaching changed the value",
      sourceLocation: sourceLocation)
    let keepsLaterGradients = attached.late?.array == detached.late?.array
    #expect(
      keepsLaterGradients, "detaching changed gradients of later inputs",
      sourceLocation: sourceLocation)
    #expect(
      detached.early == nil, "a gradient came through a detached state",
      sourceLocation: sourceLocation)
    let reachesBack = attached.early?.array.contains { $0 != 0 } == true
    #expect(
      reachesBack, "no gradient came through an attached state", sourceLocation: sourceLocation)
  }

  func tokensEqualGatheredRows() {
    let vocabularySize = 4  // below T · B, so that every token occurs several times
    let table = fill(50, [vocabularySize, encoder.inputSize], 1)
    let tokens = TokenBatch(
      (0..<fixture.timeLength * fixture.batchSize).map { Int32($0 * $0 % vocabularySize) },
      timeLength: fixture.timeLength, batchSize: fixture.batchSize)
    func run(gathering: Bool) -> (output: Tensor, table: Tensor?, parameters: [Tensor?]) {
      var kept = Tensor(0)
      let (_, gradients) = valueWithGradients(random: RandomSource(seed: 1)) { pass in
        pass.watch(table)
        var state = fixture.someState
        kept =
          gathering
          ? encoder(pass.gather(tokens, from: table), state: &state, pass)
          : encoder(tokens: tokens, table: table, state: &state, pass)
        return pass.sum(pass.multiply(kept, fill(99, kept.shape, 1)))
      }
      return (kept, gradients[table], fixture.parameters.map { gradients[$0] })
    }
    func compare(_ actual: Tensor?, _ expected: Tensor?, _ what: String) {
      guard let actual, let expected else {
        Issue.record("\(what): missing", sourceLocation: sourceLocation)
        return
      }
      expectClose(
        actual, expected, tolerance: tolerance, what, sourceLocation: sourceLocation)
    }
    let (gathered, direct) = (run(gathering: true), run(gathering: false))
    compare(direct.output, gathered.output, "output for tokens")
    compare(direct.table, gathered.table, "gradient of the table")
    for (index, parameter) in fixture.parameters.enumerated() {
      compare(
        direct.parameters[index], gathered.parameters[index],
        "gradient of \(parameter.path) for tokens")
    }
    let pass = ForwardPass.inference()
    var (first, second) = (fixture.someState, fixture.someState)
    compare(
      encoder(tokens: tokens, table: table, state: &first, pass),
      encoder(pass.gather(tokens, from: table), state: &second, pass),
      "output for tokens in inference")
  }

  func stateSurvivesBeingTakenApart() {
    let state = fixture.run(fixture.input).state
    let rebuilt = encoder.initialState(batchSize: fixture.batchSize).replacingTensors(
      with: state.tensors.map { Tensor($0.array, shape: $0.shape) })
    var (first, second) = (state, rebuilt)
    expectIdentical(
      encoder(fixture.input, state: &second, .inference()),
      encoder(fixture.input, state: &first, .inference()),
      "output from a state that was taken apart", sourceLocation: sourceLocation)
  }

  func inferenceDrawsNothing() {
    let pass = ForwardPass.inference()
    let before = pass.random
    var state = encoder.initialState(batchSize: fixture.batchSize)
    _ = encoder(fixture.input, state: &state, pass)
    #expect(
      pass.random == before, "inference drew random numbers", sourceLocation: sourceLocation)
  }

  /// All elements in one row, [1, n]; keeps the identity, hence the gradient.
  private func flattened(_ tensor: Tensor) -> Tensor {
    tensor.reshaped(to: [1, tensor.shape.count])
  }
}
