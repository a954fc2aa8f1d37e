import TextLM
import TextLMTestSupport
import Testing

@Suite("Tasks: examples")
struct TaskTests {
  static let names = TaskRegistry.builtIn.all.map { $0.name }

  private func task(
    _ name: String, _ written: [(name: String, value: String)] = []
  ) throws -> any SyntheticTask {
    try TaskRegistry.builtIn.task(named: name).init(written: written)
  }

  private func batch(
    _ name: String, _ written: [(name: String, value: String)] = [], length: Int, size: Int = 3
  ) throws -> TaskBatch {
    var random = RandomSource(seed: 5)
    return try task(name, written).batch(length: length, size: size, random: &random)
  }

  /// The symbols that a row reads, and what is asked of it by step.
  private func row(
    _ row: Int, of batch: TaskBatch
  ) throws -> (input: [Int], targets: [Int: Int]) {
    guard case .symbols(let input) = batch.input, case .symbols(let targets) = batch.targets else {
      throw TaskError.unknownTask(name: "", known: [])
    }
    let places = (0..<batch.timeLength).map { $0 * batch.batchSize + row }
    let asked = places.enumerated().filter { targets[$0.element] >= 0 }
      .map { ($0.offset, Int(targets[$0.element])) }
    return (places.map { Int(input[$0]) }, Dictionary(uniqueKeysWithValues: asked))
  }

  @Test("Examples fit what the task says of itself, and follow from the seed", arguments: names)
  func shapes(name: String) throws {
    let task = try task(name)
    #expect(task.lengths.upperBound <= task.testLength)
    for length in [task.lengths.lowerBound, task.lengths.upperBound, task.testLength] {
      var (first, second) = (RandomSource(seed: 3), RandomSource(seed: 3))
      let batch = task.batch(length: length, size: 3, random: &first)
      #expect(batch == task.batch(length: length, size: 3, random: &second))
      #expect(batch != task.batch(length: length, size: 3, random: &second))
      let places = batch.timeLength * 3
      #expect(batch.isAsked.count == places && batch.isMeasured.count == places)
      #expect(zip(batch.isAsked, batch.isMeasured).allSatisfy { $0 || !$1 })
      for row in 0..<3 {
        #expect(stride(from: row, to: places, by: 3).contains { batch.isMeasured[$0] }, "\(name)")
      }
      switch (task.input, batch.input) {
      case (.vectors(let width), .vectors(let values, let given)):
        #expect(width == given && values.count == places * width)
        #expect(values.allSatisfy { $0 >= 0 && $0 <= 8 })
      case (.symbols(let count), .symbols(let symbols)):
        #expect(symbols.count == places && symbols.allSatisfy { 0 <= $0 && $0 < count })
      default: Issue.record("\(name): another kind of input")
      }
      switch (task.output, batch.targets) {
      case (.symbols(let count), .symbols(let symbols)):
        #expect(symbols.count == places && symbols.allSatisfy { -1 <= $0 && $0 < count })
      case (.bits(let width), .numbers(let values, let given)):
        #expect(width == given && values.count == places * width)
        #expect(values.allSatisfy { $0 == 0 || $0 == 1 })
      case (.number, .numbers(let values, let given)):
        #expect(given == 1 && values.count == places)
      default: Issue.record("\(name): another kind of output")
      }
    }
    let stored = JSONField(task.values.json(type(of: task).hyperparameters), path: "sizes")
    #expect(try type(of: task).init(stored: stored).values == task.values)
  }

  @Test("Copied bits are those that were read, behind the delimiter")
  func copy() throws {
    let batch = try batch("copy", [("bits", "3")], length: 4)
    guard case .vectors(let input, 4) = batch.input, case .numbers(let targets, 3) = batch.targets
    else {
      Issue.record("shapes")
      return
    }
    #expect(batch.timeLength == 9)
    for row in 0..<3 {
      for step in 0..<9 {
        let place = step * 3 + row
        let read = Array(input[place * 4..<place * 4 + 4])
        #expect(read[3] == (step == 4 ? 1 : 0) && batch.isAsked[place] == (step > 4))
        guard step > 4 else { continue }
        let source = ((step - 5) * 3 + row) * 4
        #expect(Array(targets[place * 3..<place * 3 + 3]) == Array(input[source..<source + 3]))
        #expect(read == [0, 0, 0, 0])
      }
    }
  }

  @Test("Copy memory is Bai's: the symbols, blanks, delimiters, and the symbols again")
  func copyMemory() throws {
    let batch = try batch("copy-memory", length: 30)
    let (input, targets) = try row(1, of: batch)
    #expect(input.count == 50 && targets.count == 50)
    #expect(input[..<10].allSatisfy { (1...8).contains($0) })
    #expect(input[10..<39].allSatisfy { $0 == 0 } && input[39...].allSatisfy { $0 == 9 })
    #expect((0..<40).allSatisfy { targets[$0] == 0 })
    #expect((0..<10).allSatisfy { targets[40 + $0] == input[$0] })
  }

  @Test("Answers are right")
  func answers() throws {
    let echo = try row(0, of: batch("delayed-echo", [("delay", "2")], length: 9))
    #expect(echo.targets.keys.sorted() == Array(2..<9))
    #expect(echo.targets.allSatisfy { echo.input[$0.key - 2] == $0.value })
    let ahead = try row(0, of: batch("lookahead", [("ahead", "2")], length: 9))
    #expect(ahead.targets.keys.sorted() == Array(0..<7))
    #expect(ahead.targets.allSatisfy { ahead.input[$0.key + 2] == $0.value })
    let ends = try batch("first-last", length: 9, size: 32)
    var seen: Set<Int> = []
    for number in 0..<32 {
      let (input, targets) = try row(number, of: ends)
      #expect(targets == [8: input[0] == input[8] ? 1 : 0])
      seen.formUnion(targets.values)
    }
    #expect(seen == [0, 1])
    for number in 0..<3 {
      let parity = try row(number, of: batch("parity", length: 9))
      #expect(parity.targets == [8: parity.input.reduce(0, +) % 2])
      let recall = try row(number, of: batch("mqar", length: 5))
      let pairs = Dictionary(
        uniqueKeysWithValues: (0..<5).map { (recall.input[2 * $0], recall.input[2 * $0 + 1]) })
      #expect(pairs.count == 5 && recall.targets.count == 5)
      #expect(recall.targets.allSatisfy { pairs[recall.input[$0.key]] == $0.value + 32 })
      #expect(recall.targets.allSatisfy { recall.input[$0.key + 1] == $0.value + 32 })
      let ring = try row(number, of: batch("induction", length: 6))
      #expect(Set(ring.input[..<6]).count == 6 && ring.targets.count == 6)
      for (step, target) in ring.targets {
        let place = try #require(ring.input.firstIndex(of: ring.input[step]))
        #expect(ring.input[place + 1] == target)
      }
      let strings = try row(number, of: batch("key-value", length: 7))
      let asked = Array(strings.input.suffix(3))
      let start = try #require(
        (0..<7).first { Array(strings.input[5 * $0..<5 * $0 + 3]) == asked })
      #expect(strings.targets == [37: strings.input[5 * start + 3] - 16])
    }
  }

  @Test("A story's answer is the latest place, read as sentences or as words")
  func facts() throws {
    let bags = try batch("facts", length: 8, size: 20)
    let words = try batch("facts", [("steps", "words")], length: 8, size: 20)
    guard case .vectors(let input, 20) = bags.input, case .symbols(let places) = bags.targets else {
      Issue.record("shapes")
      return
    }
    for number in 0..<20 {
      let told = try row(number, of: words)
      #expect(told.input.count == 8 * 6 + 4)
      let actor = told.input[8 * 6 + 2]
      let last = try #require((0..<8).last { told.input[6 * $0] == actor })
      #expect(told.targets == [51: told.input[6 * last + 4] - 4])
      let sentences = (0...8).map { step in
        Array(input[(step * 20 + number) * 20..<(step * 20 + number + 1) * 20])
      }
      let asked = try #require((0..<4).first { sentences[8][$0] == 1 })
      let place = try #require(
        sentences[..<8].last { $0[asked] == 1 }?[4..<10].firstIndex(of: 1))
      #expect(Int(places[8 * 20 + number]) == place - 4)
    }
  }

  @Test("Instances are near their class alone, and named one step later")
  func oneShot() throws {
    let batch = try batch("one-shot", length: 30)
    guard case .vectors(let input, 13) = batch.input, case .symbols(let targets) = batch.targets
    else {
      Issue.record("shapes")
      return
    }
    var counts = [Int](repeating: 0, count: 5)
    var instances = [[[Float]]](repeating: [], count: 5)
    for step in 0..<30 {
      let kind = Int(targets[step * 3])
      let read = Array(input[step * 3 * 13..<step * 3 * 13 + 13])
      let name: Int? = step > 0 ? Int(targets[(step - 1) * 3]) : nil
      for other in 0..<5 { #expect((read[8 + other] == 1) == (other == name)) }
      counts[kind] += 1
      #expect(batch.isMeasured[step * 3] == (counts[kind] > 2))
      instances[kind].append(Array(read[..<8]))
    }
    // Two instances of one prototype differ in two bits at most.
    for group in instances {
      for (left, right) in zip(group, group.dropFirst()) {
        #expect(zip(left, right).count { $0 != $1 } <= 2)
      }
    }
  }

  @Test("Sums are those of the marked numbers")
  func adding() throws {
    let batch = try batch("adding", length: 20)
    guard case .vectors(let input, 2) = batch.input, case .numbers(let targets, 1) = batch.targets
    else {
      Issue.record("shapes")
      return
    }
    for row in 0..<3 {
      let steps = (0..<20).map { ($0 * 3 + row) * 2 }
      let marked = steps.filter { input[$0 + 1] == 1 }
      #expect(marked.count == 2)
      #expect(targets[19 * 3 + row] == input[marked[0]] + input[marked[1]])
    }
  }

  @Test(
    "Sizes that do not go together are refused with the numbers",
    arguments: [
      ("mqar", "length", "33", "there are only 32 different keys"),
      ("delayed-echo", "delay", "40", "must be above the delay of 40"),
      ("lookahead", "ahead", "80", "must be above the 80 steps ahead"),
      ("associative-recall", "min_length", "1", "min_length is 1"),
      ("key-value", "letters", "2", "there are only 4 different strings"),
      ("induction", "symbols", "20", "from 2 to the 20 different symbols"),
      ("one-shot", "length", "10", "length is 10, but must be above 10"),
      ("adding", "length", "1", "two numbers are marked"),
      ("first-last", "length", "1", "the shortest sequence has 2 symbols"),
    ])
  func refusals(name: String, size: String, value: String, text: String) throws {
    let error = #expect(throws: TaskError.self) { try task(name, [(size, value)]) }
    #expect(error?.description.contains(text) == true, "\(error?.description ?? "")")
  }

  @Test func unknownTask() throws {
    #expect(throws: TaskError.unknownTask(name: "cpoy", known: Self.names)) { try task("cpoy") }
    #expect(throws: ArchitectureError.self) { try task("copy", [("width", "3")]) }
  }
}
