import CTextLMKernels
import Glibc
import Synchronization
import TextLMTensors
import Testing

/// The pool of threads: every part of every region runs once, with that region's context.
@Suite("Threads", .timeLimit(.minutes(2)))
struct ThreadTests {
  @Test("A hundred thousand small regions of changing size on changing numbers of threads")
  func manyRegions() {
    let threadCount = Engine.threadCount
    defer { Engine.setThreadCount(threadCount) }
    var random = RandomSource(seed: 1)
    var failures = 0
    for round in 0..<100_000 {
      if round % 1000 == 0 { Engine.setThreadCount(1 + random.nextInt(below: 6)) }
      failures += Region(round, partCount: random.nextInt(below: 20)).isRunRight ? 0 : 1
    }
    #expect(failures == 0)
  }

  @Test("Several tasks with regions at the same time")
  func severalCallers() async {
    let threadCount = Engine.threadCount
    defer { Engine.setThreadCount(threadCount) }
    Engine.setThreadCount(3)
    let failures = await withTaskGroup(of: Int.self) { group in
      for task in 0..<4 {
        group.addTask {
          (0..<25_000).count { !Region(task + $0, partCount: $0 % 9).isRunRight }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(failures == 0)
  }

  @Test("A region within a region")
  func nested() {
    let threadCount = Engine.threadCount
    defer { Engine.setThreadCount(threadCount) }
    Engine.setThreadCount(4)
    let failures = Atomic(0)
    for _ in 0..<1000 {
      run(partCount: 8) { part in
        if !Region(part, partCount: 5).isRunRight { failures.add(1, ordering: .relaxed) }
      }
    }
    #expect(failures.load(ordering: .relaxed) == 0)
  }

  // In a process of its own: while a region of another test has the threads, one runs alone.
  @Test("Parts of a thread that is held up are run by another")
  func heldUp() async {
    await #expect(processExitsWith: .success) {
      Engine.setThreadCount(2)
      let done = Atomic(0)
      run(partCount: 20) { part in
        // The first to be claimed ends only when all others have.
        while part == 0 && done.load(ordering: .acquiring) < 19 { usleep(100) }
        done.add(1, ordering: .releasing)
      }
      #expect(done.load(ordering: .acquiring) == 20)
    }
  }

  @Test(
    "Counts of threads out of range become the nearest",
    arguments: [(-1, 1), (0, 1), (5000, 1024)])
  func range(asked: Int32, given: Int32) {
    let threadCount = Engine.threadCount
    defer { Engine.setThreadCount(threadCount) }
    tlm_set_threads(asked)
    #expect(tlm_threads() == given)
  }
}

/// Runs `body` for each part.
private func run(partCount: Int, _ body: (Int) -> Void) {
  withoutActuallyEscaping(body) { body in
    withUnsafePointer(to: body) { pointer in
      tlm_parallel(
        Int32(partCount),
        { context, part in
          context.unsafelyUnwrapped.assumingMemoryBound(to: ((Int) -> Void).self).pointee(Int(part))
        }, UnsafeMutableRawPointer(mutating: pointer))
    }
  }
}

/// A region whose parts add a number of their own to a cell of their own.
private struct Region {
  static let cellCount = 20
  let salt: Int
  let partCount: Int

  init(_ salt: Int, partCount: Int) {
    self.salt = salt
    self.partCount = partCount
  }

  /// Runs it; whether each part ran once, and nothing else did.
  var isRunRight: Bool {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: Self.cellCount) { cells in
      cells.initialize(repeating: 0)
      run(partCount: partCount) { cells[$0] += ($0 + 1) * (salt + 1) }
      return cells.indices.allSatisfy {
        cells[$0] == ($0 < partCount ? ($0 + 1) * (salt + 1) : 0)
      }
    }
  }
}
