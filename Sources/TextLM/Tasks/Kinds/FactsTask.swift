/// Sentences say who went where; where somebody is now, is to be said.
///
/// "Mary moved to the garden" and so on; the question names somebody of whom something was said, and
/// the answer is the place of the latest sentence about them. A step is a sentence, read as the bag of
/// its words, as in the end-to-end memory network, or with `steps=words` a word. References: Jason
/// Weston et al., "Towards AI-Complete Question Answering", 2015, task 1; Sainbayar Sukhbaatar et al.,
/// "End-To-End Memory Networks", 2015.
public struct FactsTask: SyntheticTask {
  /// `facts`.
  public static let name = "facts"
  /// What is to be done.
  public static let summary = "say where somebody is, of whom several sentences told"
  /// Sentences.
  public static let lengthUnit = "sentences"
  /// Actors, places, what a step is, and lengths.
  public static let hyperparameters =
    [
      Hyperparameter.count("actors", in: 1...256, standard: 4, "different actors"),
      .count("places", in: 2...256, standard: 6, "different places"),
      .choice(
        "steps", of: ["sentences", "words"], standard: "sentences", "what is read in a step"),
    ] + lengths(2...10, test: 20)
  /// The sizes it was made with.
  public let values: Hyperparameters

  /// The task of these sizes.
  public init(_ values: Hyperparameters) { self.values = values }

  private static let verbCount = 4
  /// "to", "the", ".", "where", "is", "?".
  private static let otherWordCount = 6
  private var actorCount: Int { values.count("actors") }
  private var placeCount: Int { values.count("places") }
  private var wordCount: Int { actorCount + placeCount + Self.verbCount + Self.otherWordCount }
  private var readsWords: Bool { values.choice("steps") == "words" }

  /// A bag of words, or a word.
  public var input: TaskInput {
    readsWords ? .symbols(count: wordCount) : .vectors(width: wordCount)
  }
  /// A place.
  public var output: TaskOutput { .symbols(count: placeCount) }
  /// Of a hundred answers one may be wrong.
  public var goal: TaskGoal { .accuracy(0.99) }

  /// Stories of `length` sentences with a question.
  public func batch(length: Int, size: Int, random: inout RandomSource) -> TaskBatch {
    let stories = (0..<size).map { _ in story(length: length, random: &random) }
    if readsWords {
      return TaskBatch(
        stories.map { story in
          var row = TaskBatch.SymbolRow()
          for word in story.sentences.flatMap(\.self).dropLast() { row.append(word) }
          row.append(wordCount - 1, asking: story.answer)
          return row
        })
    }
    return TaskBatch(
      stories.map { story in
        var row = TaskBatch.VectorRow<Int>()
        for (number, sentence) in story.sentences.enumerated() {
          var bag = [Float](repeating: 0, count: wordCount)
          for word in sentence { bag[word] += 1 }
          row.append(bag, asking: number == length ? story.answer : nil)
        }
        return row
      }, inputWidth: wordCount)
  }

  /// Sentences as words, the question being the last.
  private func story(
    length: Int, random: inout RandomSource
  ) -> (sentences: [[Int]], answer: Int) {
    let others = actorCount + placeCount + Self.verbCount
    var places: [Int: Int] = [:]
    var sentences = (0..<length).map { _ in
      let (actor, place) = (
        random.nextInt(below: actorCount), random.nextInt(below: placeCount)
      )
      let verb = random.nextInt(below: Self.verbCount)
      places[actor] = place
      return [
        actor, actorCount + placeCount + verb, others, others + 1, actorCount + place, others + 2,
      ]
    }
    let told = places.keys.sorted()
    let asked = told[random.nextInt(below: told.count)]
    sentences.append([others + 3, others + 4, asked, others + 5])
    return (sentences, places[asked] ?? 0)
  }
}
