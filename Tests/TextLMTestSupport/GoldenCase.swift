public import Testing
public import TextLMNN
public import TextLMTensors

/// A golden layer: what comes out of it, and what its gradients add up to, for the loss L = Σ y ·
/// fill(99).
public struct GoldenCase: Decodable, Sendable {
  /// Of one gradient: its sum, and its sum weighted with fill(98), which notices permutations.
  public struct Gradient: Decodable, Sendable {
    let shape: [Int]
    /// The sum.
    public let gsum: Double
    /// The weighted sum.
    public let gdot: Double

    /// Of a gradient of this shape.
    public init(_ shape: [Int], sum: Double, probe: Double) {
      self.shape = shape
      gsum = sum
      gdot = probe
    }
  }

  /// First elements of the output.
  public let y_head: [Double]
  /// Last elements of the output.
  public let y_tail: [Double]
  let y_shape: [Int]
  let y_sum: Double
  /// The loss.
  public let L: Double
  /// By the names of inputs and parameters.
  public let grads: [String: Gradient]

  /// A case of these numbers.
  public init(
    shape: [Int], head: [Double], tail: [Double], sum: Double, loss: Double,
    gradients: [String: Gradient]
  ) {
    y_shape = shape
    y_head = head
    y_tail = tail
    y_sum = sum
    L = loss
    grads = gradients
  }

  /// Reads the case called `name`.
  public init(_ name: String) throws {
    self = try GoldenVectors.read(name, as: GoldenCase.self)
  }

  /// Compares with what `output` computes for `input`, which the golden numbers call `x`, and with
  /// its gradients.
  ///
  /// The tolerances are for float32: outputs within 2 · 10⁻⁶, sums of gradients within 10⁻⁵ of
  /// their size or of 1.
  public func check(
    input: Tensor, parameters: [String: Parameter],
    sourceLocation: SourceLocation = #_sourceLocation,
    _ output: (_ input: Tensor, _ pass: ForwardPass) -> Tensor
  ) {
    check(
      watching: [input],
      gradients: parameters.mapValues { parameter in { $0[parameter] } }
        .merging(["x": { $0[input] }]) { first, _ in first },
      sourceLocation: sourceLocation
    ) { output(input, $0) }
  }

  /// The same for a function of several inputs, by the names of their gradients.
  public func check(
    inputs: [String: Tensor], parameters: [String: Parameter] = [:],
    sourceLocation: SourceLocation = #_sourceLocation, _ output: (_ pass: ForwardPass) -> Tensor
  ) {
    check(
      watching: Array(inputs.values),
      gradients: parameters.mapValues { parameter in { $0[parameter] } }
        .merging(inputs.mapValues { input in { $0[input] } }) { first, _ in first },
      sourceLocation: sourceLocation, output)
  }

  /// The same for layers whose tensors are not the golden ones: `gradients` puts each golden gradient
  /// together from those of parameters and of the tensors in `watching`.
  public func check(
    watching inputs: [Tensor], gradients named: [String: (Gradients) -> Tensor?],
    sourceLocation: SourceLocation = #_sourceLocation, _ output: (_ pass: ForwardPass) -> Tensor
  ) {
    var kept = Tensor(0)
    let (_, gradients) = valueWithGradients(random: RandomSource(seed: 1)) { pass in
      inputs.forEach(pass.watch)
      kept = output(pass)
      return pass.sum(pass.multiply(kept, fill(99, kept.shape, 1)))
    }
    let elements = kept.array.map(Double.init)
    func compare(_ actual: [Double], _ expected: [Double], _ tolerance: Double, _ what: String) {
      expectClose(
        actual, expected, tolerance: tolerance, what, sourceLocation: sourceLocation)
    }
    #expect(kept.shape.dimensions == y_shape, sourceLocation: sourceLocation)
    compare(Array(elements.prefix(y_head.count)), y_head, 2e-6, "first outputs")
    compare(Array(elements.suffix(y_tail.count)), y_tail, 2e-6, "last outputs")
    compare([elements.reduce(0, +)], [y_sum], 1e-5, "sum of outputs")
    compare([probe(kept)], [L], 1e-5, "loss")
    #expect(
      Set(grads.keys) == Set(named.keys), "names of gradients", sourceLocation: sourceLocation)
    for (name, expected) in grads {
      guard let gradient = named[name]?(gradients) else {
        Issue.record("no gradient of \(name)", sourceLocation: sourceLocation)
        continue
      }
      #expect(gradient.shape.dimensions == expected.shape, sourceLocation: sourceLocation)
      let sum = gradient.array.reduce(0) { $0 + Double($1) }
      compare([sum], [expected.gsum], 1e-5, "sum of the gradient of \(name)")
      compare(
        [probe(gradient, seed: 98)], [expected.gdot], 1e-5, "probe of the gradient of \(name)")
    }
  }
}
