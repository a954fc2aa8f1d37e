import CTextLMKernels
import TextLMTensors
import TextLMTestSupport
import Testing

/// The matrix memory against its plain twin, which goes step by step in double.
@Suite("Kernels: matrix memory")
struct KernelMatrixMemoryTests {
  /// Sizes are T, B, N, W; chunks have 48 steps.
  @Test(arguments: InstructionSet.allCases)
  func kernelsEqualTheirTwins(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      for size in [(1, 1, 1, 1), (1, 3, 2, 16), (5, 2, 3, 7), (48, 1, 2, 33), (101, 3, 2, 5)] {
        for gate in [1, 30] {
          MatrixMemoryCase(size, gate: gate).check()
          MatrixMemoryCase(size, gate: gate, isOpposed: true, endsInState: false).check()
        }
      }
    }
  }

  @Test func resultsDoNotDependOnThreads() async {
    await #expect(processExitsWith: .success) {
      let results = [1, 3].map { count in
        tlm_set_threads(Int32(count))
        return MatrixMemoryCase((70, 5, 2, 20), gate: 1).run(isPlain: false, isReading: false)
      }
      #expect(results[0] == results[1])
    }
  }
}

/// One memory on patternless numbers, gates being up to `gate`.
///
/// Keys are positive, and queries too or, opposed to them, negative, so that what is divided by is not
/// the rest of numbers that cancel each other. Nothing after the state has a gradient unless it
/// `endsInState`.
private final class MatrixMemoryCase {
  private static let names = [
    "output", "C", "n", "m", "gradient of q", "of k", "of v", "of i", "of f", "of C", "of n",
    "of m",
  ]

  private let time, batch, heads, width: Int
  private let gate: Double
  private let isOpposed, endsInState: Bool
  private var allocated: [UnsafeMutablePointer<Float>] = []

  init(
    _ size: (Int, Int, Int, Int), gate: Int, isOpposed: Bool = false, endsInState: Bool = true
  ) {
    (time, batch, heads, width) = size
    self.gate = Double(gate)
    (self.isOpposed, self.endsInState) = (isOpposed, endsInState)
  }

  deinit { for pointer in allocated { pointer.deallocate() } }

  private func buffer(_ numbers: [Float]) -> UnsafeMutablePointer<Float> {
    let pointer = UnsafeMutablePointer<Float>.allocate(capacity: numbers.count)
    pointer.initialize(from: numbers, count: numbers.count)
    allocated.append(pointer)
    return pointer
  }

  private var stateCounts: [Int] {
    [width * width, width, 1].map { batch * heads * $0 }
  }

  /// C, n and m.
  private func state(_ tensors: [UnsafeMutablePointer<Float>?]) -> tlm_matrix_memory_state {
    tlm_matrix_memory_state(memory: tensors[0], normalizer: tensors[1], logarithm: tensors[2])
  }

  /// Numbers of the names; reading alone keeps nothing and has no gradients.
  func run(isPlain: Bool, isReading: Bool) -> [[Float]] {
    let (steps, count) = (time * batch * heads, time * batch * heads * width)
    func positive(_ seed: Int, _ count: Int) -> UnsafeMutablePointer<Float> {
      buffer(fill(seed, [count]).array.map { 0.6 + $0 })
    }
    var memory = tlm_matrix_memory(
      T: time, B: batch, heads: heads, width: width,
      queries: buffer(fill(1, [count]).array.map { isOpposed ? -0.6 - $0 : 0.6 + $0 }),
      keys: positive(2, count), values: buffer(fill(3, [count], 1).array),
      input_gates: buffer(fill(4, [steps], gate).array),
      forget_gates: buffer(fill(5, [steps], gate).array),
      memory: buffer(fill(6, [stateCounts[0]]).array), normalizer: positive(7, stateCounts[1]),
      logarithm: buffer(fill(8, [stateCounts[2]], gate).array))
    let resultCounts = [count] + stateCounts
    let results = resultCounts.map { buffer([Float](repeating: 7, count: $0)) }
    var after = state(Array(results[1...]))
    let kept = buffer(
      [Float](
        repeating: 7, count: tlm_matrix_memory_kept_size(time, batch, heads, width)))
    if isPlain {
      tlm_matrix_memory_forward_plain(&memory, results[0], &after)
    } else {
      tlm_matrix_memory_forward(&memory, results[0], &after, isReading ? nil : kept)
    }
    let numbers = zip(results, resultCounts).map {
      Array(UnsafeBufferPointer(start: $0, count: $1))
    }
    if isReading { return numbers }

    let counts = [count, count, count, steps, steps] + stateCounts
    let gradients = counts.map { buffer([Float](repeating: 7, count: $0)) }
    var to = tlm_matrix_memory_gradients(
      queries: gradients[0], keys: gradients[1], values: gradients[2], input_gates: gradients[3],
      forget_gates: gradients[4], before: state(Array(gradients[5...])))
    let fromAbove = buffer(fill(9, [count]).array)
    var dafter = state(
      stateCounts.enumerated().map { endsInState ? buffer(fill(10 + $0, [$1]).array) : nil })
    if isPlain {
      tlm_matrix_memory_backward_plain(&memory, fromAbove, &dafter, &to)
    } else {
      tlm_matrix_memory_backward(&memory, results[0], kept, fromAbove, &dafter, &to)
    }
    return numbers
      + zip(gradients, counts).map { Array(UnsafeBufferPointer(start: $0, count: $1)) }
  }

  func check() {
    let plain = run(isPlain: true, isReading: false)
    for isReading in [false, true] {
      for (name, (one, other)) in zip(
        Self.names, zip(run(isPlain: false, isReading: isReading), plain))
      {
        // Relative to the greatest: gradients are differences of numbers of that size.
        let greatest = Double(other.map(abs).max() ?? 0)
        expectClose(
          one.map { Double($0) / max(greatest, 1) }, other.map { Double($0) / max(greatest, 1) },
          tolerance: 2e-5, "\(name) of \(time) steps, \(width) wide, gates of \(gate)")
      }
    }
  }
}
