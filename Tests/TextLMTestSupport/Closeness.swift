public import Testing
public import TextLMTensors

/// Records an issue unless two tensors have one shape and no two elements differ by more than
/// tolerance · max(1, |expected|).
public func expectClose(
  _ actual: Tensor, _ expected: Tensor, tolerance: Double, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.shape == expected.shape else {
    Issue.record(
      "\(what): shape \(actual.shape), expected \(expected.shape)", sourceLocation: sourceLocation)
    return
  }
  expectClose(
    actual.array.map(Double.init), expected.array.map(Double.init), tolerance: tolerance, what,
    sourceLocation: sourceLocation)
}

/// The same for lists of numbers.
public func expectClose(
  _ actual: [Double], _ expected: [Double], tolerance: Double, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.count == expected.count, "\(what): count", sourceLocation: sourceLocation)
  for (index, (value, wanted)) in zip(actual, expected).enumerated() {
    // Written so that a NaN fails.
    guard abs(value - wanted) <= tolerance * max(1, abs(wanted)) else {
      Issue.record(
        "\(what): element \(index) is \(value), expected \(wanted) within \(tolerance)",
        sourceLocation: sourceLocation)
      return
    }
  }
}

/// The same for two numbers.
public func expectClose(
  _ actual: Double, _ expected: Double, tolerance: Double, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose([actual], [expected], tolerance: tolerance, what, sourceLocation: sourceLocation)
}

/// Records an issue unless two tensors have one shape and the same bits.
public func expectIdentical(
  _ actual: Tensor, _ expected: Tensor, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.shape == expected.shape, "\(what): shape", sourceLocation: sourceLocation)
  let place = zip(actual.array, expected.array).enumerated().first {
    $0.element.0.bitPattern != $0.element.1.bitPattern
  }
  if let (index, (value, wanted)) = place {
    Issue.record(
      "\(what): element \(index) is \(value), not exactly \(wanted)", sourceLocation: sourceLocation
    )
  }
}
