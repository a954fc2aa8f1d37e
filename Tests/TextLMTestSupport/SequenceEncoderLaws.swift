public import Testing
public import TextLMNN
import TextLMTensors

/// Checks everything a `SequenceEncoder` promises, on the encoder that `make` makes.
///
/// Shapes; padding influences nothing and its own output is zero; gradients match differences; a
/// seed determines the parameters; parameters that are stored and loaded give the same outputs;
/// inference draws no random numbers.
///
/// Gradients are checked for `singlePlaceCount` elements of each tensor and for all of them together;
/// where they are checked without padding too, a few are enough.
public func checkSequenceEncoderLaws<Encoder: SequenceEncoder>(
  differenceStep: Float = 1 / 32, singlePlaceCount: Int = 24,
  sourceLocation: SourceLocation = #_sourceLocation, make: (ParameterScope) throws -> Encoder
) throws {
  let laws = SequenceEncoderLaws(
    fixture: try EncoderFixture(make), differenceStep: differenceStep,
    singlePlaceCount: singlePlaceCount, sourceLocation: sourceLocation)
  laws.shapes()
  laws.paddingIsInert()
  laws.gradientsMatchDifferences()
  laws.inferenceDrawsNothing()
  try laws.seedDeterminesParameters(make)
  try laws.storedParametersGiveTheSame(make)
}

/// Checks that an encoder reads backwards too: each output depends on later inputs of its row.
public func checkSeesLaterInputs<Encoder: SequenceEncoder>(
  sourceLocation: SourceLocation = #_sourceLocation, make: (ParameterScope) throws -> Encoder
) throws {
  let fixture = try EncoderFixture(make)
  let output = fixture.encode(fixture.input, lengths: fixture.fullLengths)
  let last = fixture.timeLength - 1
  let disturbed = fixture.encode(
    fixture.disturbing(fixture.input, step: last, row: 0), lengths: fixture.fullLengths)
  for step in 0..<last {
    let isUnchanged =
      disturbed[rows: step..<step + 1].array == output[rows: step..<step + 1].array
    #expect(
      !isUnchanged, "output \(step) ignores input \(last)", sourceLocation: sourceLocation)
  }
}

/// One function a law.
private struct SequenceEncoderLaws<Encoder: SequenceEncoder> {
  let fixture: EncoderFixture<Encoder>
  let differenceStep: Float
  let singlePlaceCount: Int
  let sourceLocation: SourceLocation
  /// From full length down, and not sorted.
  let lengths = [5, 2, 4]

  func shapes() {
    let output = fixture.encode(fixture.input, lengths: fixture.fullLengths)
    #expect(
      output.shape == [fixture.timeLength, fixture.batchSize, fixture.encoder.outputSize],
      "output shape", sourceLocation: sourceLocation)
  }

  func paddingIsInert() {
    let output = fixture.encode(fixture.input, lengths: lengths)
    for (row, length) in lengths.enumerated() {
      let ofRow = fixture.onlyRow(row, of: output)
      let padding = ofRow[rows: length..<fixture.timeLength].array
      #expect(
        padding.allSatisfy { $0 == 0 }, "row \(row): output at padding is not zero",
        sourceLocation: sourceLocation)
      let alone = fixture.encode(
        fixture.onlyRow(row, of: fixture.input)[rows: 0..<length], lengths: [length])
      expectClose(
        alone, ofRow[rows: 0..<length], tolerance: 1e-5, "row \(row) without its padding",
        sourceLocation: sourceLocation)
      for step in length..<fixture.timeLength {
        expectIdentical(
          fixture.encode(
            fixture.disturbing(fixture.input, step: step, row: row), lengths: lengths),
          output, "output when padding \(step) of row \(row) changed",
          sourceLocation: sourceLocation)
      }
    }
  }

  func gradientsMatchDifferences() {
    checkGradients(
      "encoder", parameters: fixture.parameters, inputs: [fixture.input],
      differenceStep: differenceStep, singlePlaceCount: singlePlaceCount,
      sourceLocation: sourceLocation
    ) { pass, inputs in
      fixture.encoder.encode(inputs[0], lengths: lengths, pass)
    }
  }

  func inferenceDrawsNothing() {
    let pass = ForwardPass.inference()
    let before = pass.random
    _ = fixture.encoder.encode(fixture.input, lengths: lengths, pass)
    #expect(
      pass.random == before, "inference drew random numbers", sourceLocation: sourceLocation)
  }

  func seedDeterminesParameters(_ make: (ParameterScope) throws -> Encoder) throws {
    func values(seed: UInt64) throws -> [[Float]] {
      let scope = ParameterScope(RandomParameters(seed: seed))
      _ = try make(scope)
      return scope.parameters.map(\.value.array)
    }
    let first = try values(seed: 1)
    let (isRepeated, isShared) = (try values(seed: 1) == first, try values(seed: 2) == first)
    #expect(isRepeated, "one seed, different parameters", sourceLocation: sourceLocation)
    #expect(!isShared, "two seeds, same parameters", sourceLocation: sourceLocation)
  }

  func storedParametersGiveTheSame(_ make: (ParameterScope) throws -> Encoder) throws {
    let stored = Dictionary(
      uniqueKeysWithValues: fixture.parameters.map { ($0.path, $0.value) })
    let loaded = try make(ParameterScope(StoredParameters(stored)))
    expectIdentical(
      loaded.encode(fixture.input, lengths: lengths, .inference()),
      fixture.encode(fixture.input, lengths: lengths), "output after loading",
      sourceLocation: sourceLocation)
    for parameter in fixture.parameters {
      var incomplete = stored
      incomplete[parameter.path] = nil
      #expect(
        throws: ParameterError.missing(path: parameter.path, shape: parameter.shape),
        "loading without \(parameter.path)", sourceLocation: sourceLocation
      ) {
        _ = try make(ParameterScope(StoredParameters(incomplete)))
      }
    }
  }
}
