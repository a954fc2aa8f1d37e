extension Tensor {
  /// Tensors of these shapes, whose elements `body` writes, every one of them, at the addresses it
  /// is given in the same order: the results of a kernel that has several.
  static func written(
    _ shapes: [Shape], _ body: ([UnsafeMutablePointer<Float>]) -> Void
  ) -> [Tensor] {
    let storages = shapes.map { TensorStorage(count: $0.count) }
    withExtendedLifetime(storages) { body(storages.map(\.address)) }
    return zip(shapes, storages).map { Tensor(shape: $0, storage: $1, offset: 0) }
  }
}
