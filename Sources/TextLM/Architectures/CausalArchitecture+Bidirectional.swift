extension CausalArchitecture {
  /// Two encoders, one for each direction, with parameters under `forward` and `backward`.
  func makeBidirectional(
    inputSize: Int, in scope: ParameterScope
  ) throws -> Bidirectional<Encoder> {
    Bidirectional(
      forward: try makeEncoder(inputSize: inputSize, in: scope["forward"]),
      backward: try makeEncoder(inputSize: inputSize, in: scope["backward"]))
  }
}
