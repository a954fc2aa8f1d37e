/// Distinct symbols are read in a ring, and then again from another place on: each next one is to be
/// said.
///
/// As the second turn begins anywhere, what comes next cannot be found by counting, only by looking for
/// where the symbol stood before. Reference: Catherine Olsson et al., "In-context Learning and Induction
/// Heads", 2022.
public struct InductionTask: SyntheticTask {
  /// `induction`.
  public static let name = "induction"
  /// What is to be done.
  public static let summary = "go through a ring of symbols again, from anywhere on"
  /// Symbols.
  public static let lengthUnit = "symbols"
  /// Symbols and lengths.
  public static let hyperparameters =
    [Hyperparameter.count("symbols", in: 2...1024, standard: 64, "different symbols")]
    + lengths(4...16, test: 32, upTo: 1024)
  /// The sizes it was made with.
  public let values: Hyperparameters

  /// The task of these sizes.
  public init(_ values: Hyperparameters) { self.values = values }

  /// Symbols of a ring are distinct, and there are two at least.
  public static func validate(_ values: Hyperparameters) throws(TaskError) {
    let symbols = values.count("symbols")
    for name in ["min_length", "length", "test_length"]
    where !(2...symbols).contains(values.count(name)) {
      throw .combination(
        task: self.name,
        problem: "\(name) is \(values.count(name)), but must be from 2 to the \(symbols) different "
          + "symbols")
    }
  }

  private var symbolCount: Int { values.count("symbols") }
  /// A symbol, or the mark between the turns.
  public var input: TaskInput { .symbols(count: symbolCount + 1) }
  /// A symbol.
  public var output: TaskOutput { .symbols(count: symbolCount) }
  /// Of a hundred answers one may be wrong.
  public var goal: TaskGoal { .accuracy(0.99) }

  /// Rings of `length` symbols, gone through twice.
  public func batch(length: Int, size: Int, random: inout RandomSource) -> TaskBatch {
    TaskBatch(
      (0..<size).map { _ in
        let ring = Array(random.shuffled(0..<symbolCount).prefix(length))
        let start = random.nextInt(below: length)
        var row = TaskBatch.SymbolRow()
        // Its first symbol once more, so that every symbol has been seen before its next one.
        for symbol in ring + [ring[0]] { row.append(symbol) }
        row.append(symbolCount)
        for offset in 0..<length {
          row.append(
            ring[(start + offset) % length], asking: ring[(start + offset + 1) % length])
        }
        return row
      })
  }
}
