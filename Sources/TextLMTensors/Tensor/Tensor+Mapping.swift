extension Tensor {
  /// A new tensor that `body` writes, given the elements of this one.
  func mapped(
    to shape: Shape, _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> Tensor {
    withExtendedLifetime(storage) {
      Tensor(shape: shape) { body(address, $0) }
    }
  }

  /// A new tensor that `body` writes, given the elements of this one and of another.
  func mapped(
    with other: Tensor, to shape: Shape,
    _ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> Tensor {
    withExtendedLifetime((storage, other.storage)) {
      Tensor(shape: shape) { body(address, other.address, $0) }
    }
  }
}
