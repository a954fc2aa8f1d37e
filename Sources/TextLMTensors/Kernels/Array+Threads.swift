import CTextLMKernels

extension Array where Element: Sendable {
  /// Changes every element, each on one of the engine's threads; fewer than `smallest` on the
  /// caller's alone.
  package mutating func updateOnThreads(
    fromCount smallest: Int, _ body: @Sendable (inout Element) -> Void
  ) {
    updateUncheckedOnThreads(fromCount: smallest, body)
  }
}

extension Array {
  /// The same where the compiler cannot see that threads have nothing in common that changes: no two elements
  /// may share it, and what `body` captures may only be read.
  package mutating func updateUncheckedOnThreads(
    fromCount smallest: Int, _ body: (inout Element) -> Void
  ) {
    withoutActuallyEscaping(body) { body in
      withUnsafeMutableBufferPointer { elements in
        // Ranges do not overlap, so no element is reached from two threads.
        nonisolated(unsafe) let elements = elements
        nonisolated(unsafe) let body = body
        Engine.forEachRange(of: elements.count, fromCount: smallest) { range in
          for index in range { body(&elements[index]) }
        }
      }
    }
  }
}

extension Engine {
  /// Runs `body` with ranges that cover 0 ..< count, one on each thread; in one call where there are
  /// fewer than `smallest`.
  fileprivate static func forEachRange(
    of count: Int, fromCount smallest: Int, _ body: @Sendable (Range<Int>) -> Void
  ) {
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: RangeWork(body: body)) { work in
        tlm_parallel_range(
          count, 1, smallest,
          { context, begin, end in
            context?.assumingMemoryBound(to: RangeWork.self).pointee.body(begin..<end)
          }, UnsafeMutableRawPointer(mutating: work))
      }
    }
  }

  private struct RangeWork {
    let body: @Sendable (Range<Int>) -> Void
  }
}
