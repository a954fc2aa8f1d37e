public import TextLMTensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Deterministic, patternless numbers: element i is amplitude · sin(0.9 i + 1.7 seed + 0.3).
///
/// The golden vectors are computed from tensors filled in the same way.
public func fill(_ seed: Int, _ shape: Shape, _ amplitude: Double = 0.4) -> Tensor {
  Tensor(
    (0..<shape.count).map { index in
      Float(amplitude * sin(0.9 * Double(index) + 1.7 * Double(seed) + 0.3))
    }, shape: shape)
}

/// Σ y · c with c = fill(99, y.shape, 1), in Double: a number that depends on every element in its
/// own way.
public func probe(_ output: Tensor, seed: Int = 99) -> Double {
  zip(output.array, fill(seed, output.shape, 1).array).reduce(0) {
    $0 + Double($1.0) * Double($1.1)
  }
}
