extension Tensor {
  /// Replaces the elements with those that `body` writes to `destination`, given the present ones
  /// at `source`.
  ///
  /// When nobody else holds the memory, `source` and `destination` are the same address and nothing
  /// is allocated, which is what keeps optimizer steps and backward passes from copying. Otherwise
  /// `destination` is new memory with undefined contents, and other holders keep seeing what they
  /// saw. Either way the tensor gets a new identity.
  mutating func overwrite(
    _ body: (_ source: UnsafePointer<Float>, _ destination: UnsafeMutablePointer<Float>) -> Void
  ) {
    if isKnownUniquelyReferenced(&storage) {
      let destination = storage.address + offset
      withExtendedLifetime(storage) { body(UnsafePointer(destination), destination) }
    } else {
      let replacement = TensorStorage(count: shape.count)
      withExtendedLifetime(storage) { body(address, replacement.address) }
      storage = replacement
      offset = 0
    }
    id = .next()
  }

  /// The same for a `body` that changes the elements where they lie: where somebody else holds the
  /// memory, they are copied first.
  mutating func overwriteInPlace(_ body: (UnsafeMutablePointer<Float>) -> Void) {
    let count = shape.count
    overwrite { source, destination in
      if source != UnsafePointer(destination) { destination.update(from: source, count: count) }
      body(destination)
    }
  }
}
