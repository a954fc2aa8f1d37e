import TextLMTensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Initializer {
  /// A tensor drawn from `random`. Requires a shape that the initializer is made for.
  func tensor(shape: Shape, random: inout RandomSource) -> Tensor {
    switch self {
    case .zeros:
      return Tensor(zeros: shape)
    case .constant(let value):
      return Tensor(repeating: value, shape: shape)
    case .uniform(let bound):
      return Self.uniform(bound: bound, shape: shape, random: &random)
    case .normal(let standardDeviation):
      return Self.normal(standardDeviation, shape: shape, random: &random)
    case .xavierUniform(let gain):
      let sum = Double(Self.inputs(shape) + Self.outputs(shape))
      return Self.uniform(bound: gain * (6 / sum).squareRoot(), shape: shape, random: &random)
    case .xavierNormal(let gain):
      let sum = Double(Self.inputs(shape) + Self.outputs(shape))
      return Self.normal(gain * (2 / sum).squareRoot(), shape: shape, random: &random)
    case .heUniform(let gain):
      let bound = gain * (3 / Double(Self.inputs(shape))).squareRoot()
      return Self.uniform(bound: bound, shape: shape, random: &random)
    case .heNormal(let gain):
      return Self.normal(
        gain / Double(Self.inputs(shape)).squareRoot(), shape: shape, random: &random)
    case .lecunNormal:
      return Self.normal(
        1 / Double(Self.inputs(shape)).squareRoot(), shape: shape, random: &random)
    case .orthogonal(let gain):
      let matrix = OrthogonalMatrix(
        rowCount: Self.outputs(shape), columnCount: Self.inputs(shape), random: &random)
      return Tensor(matrix.elements(times: gain), shape: shape)
    case .identity:
      let (height, width) = (Self.outputs(shape), Self.inputs(shape))
      return Tensor(
        (0..<height * width).map { $0 / width == $0 % width ? 1 : 0 }, shape: shape)
    case .gates(let count, .orthogonal(let gain)):
      require(
        Self.outputs(shape).isMultiple(of: count), "gates: shape \(shape) is not \(count) blocks")
      let (height, width) = (shape[0] / count, Self.inputs(shape))
      let blocks = (0..<count).flatMap { _ in
        OrthogonalMatrix(rowCount: height, columnCount: width, random: &random)
          .elements(times: gain)
      }
      return Tensor(blocks, shape: shape)
    case .gates(_, let initializer):
      return initializer.tensor(shape: shape, random: &random)
    case .values(let values):
      return Tensor(values, shape: shape)
    case .blocks(let values):
      require(
        !values.isEmpty && shape.count.isMultiple(of: values.count),
        "blocks: shape \(shape) is not \(values.count) equal parts")
      return Tensor(
        (0..<shape.count).map { values[$0 / (shape.count / values.count)] }, shape: shape)
    case .lstmBias(let hiddenSize, let forget):
      return Self.lstmBias(shape, hiddenSize) { gate, _ in gate == 1 ? forget : 0 }
    case .chrono(let hiddenSize, let longest):
      require(longest > 2, "chrono: times up to \(longest) steps are too short")
      let times = (0..<hiddenSize).map { _ in
        Float(log(1 + random.nextUniform() * (longest - 2)))
      }
      return Self.lstmBias(shape, hiddenSize) { gate, unit in
        gate == 0 ? -times[unit] : gate == 1 ? times[unit] : 0
      }
    }
  }

  private static func outputs(_ shape: Shape) -> Int {
    require(shape.rank == 2, "initializer: a weight is [outputs, inputs], not \(shape)")
    return shape[0]
  }

  private static func inputs(_ shape: Shape) -> Int {
    require(shape.rank == 2, "initializer: a weight is [outputs, inputs], not \(shape)")
    return shape[1]
  }

  private static func uniform(bound: Double, shape: Shape, random: inout RandomSource) -> Tensor {
    Tensor(
      (0..<shape.count).map { _ in Float(bound * (2 * random.nextUniform() - 1)) }, shape: shape)
  }

  private static func normal(
    _ standardDeviation: Double, shape: Shape, random: inout RandomSource
  ) -> Tensor {
    Tensor(
      (0..<shape.count).map { _ in Float(standardDeviation * random.nextNormal()) }, shape: shape)
  }

  private static func lstmBias(
    _ shape: Shape, _ hiddenSize: Int, _ value: (_ gate: Int, _ unit: Int) -> Float
  ) -> Tensor {
    require(shape == [4 * hiddenSize], "lstmBias: shape \(shape) is not [\(4 * hiddenSize)]")
    return Tensor(
      (0..<shape.count).map { value($0 / hiddenSize, $0 % hiddenSize) }, shape: shape)
  }
}
