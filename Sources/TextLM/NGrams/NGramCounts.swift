/// The n-grams of a text up to a length N, counted as Kneser-Ney smoothing counts them.
///
/// Those of length N count as often as the text has them; shorter ones as often as there are
/// different tokens before them, because what is behind many different contexts is what a model
/// should fall back on. A context that begins with the boundary token, before which there is
/// nothing, counts by occurrences too. An n-gram may begin and end with the boundary token, and
/// does not reach across it: a model knows nothing before the beginning of a document.
///
/// All places of the text are sorted by the N tokens from there on, by one counting sort for each
/// of the N: time and memory are in proportion to N · length. In that order the n-grams of each
/// length lie behind one another.
struct NGramCounts {
  /// The n-grams by length, from 1; without probabilities yet.
  private(set) var levels: [NGramLevel]
  /// How often each counts.
  private(set) var counts: [[Int32]]

  /// Bytes of the model and of counting for one n-gram: a token, children, a probability, a weight,
  /// a count and a link.
  static let bytesPerNGram = 24

  /// Counts a text of token numbers below `vocabularySize`, of n-grams up to `order` tokens.
  ///
  /// `admit` is told how many n-grams of each length there are before they take memory, and may
  /// throw.
  init<Failure: Error>(
    _ tokens: [TokenID], vocabularySize: Int, order: Int,
    admit: (_ sizes: [Int]) throws(Failure) -> Void
  ) throws(Failure) {
    let lengths = Self.lengths(tokens, order: order)
    let places = Self.sorted(tokens, lengths, vocabularySize: vocabularySize, order: order)
    let shared = Self.sharedLengths(tokens, lengths, places)
    var sizes = [Int](repeating: 0, count: order)
    for (place, shared) in zip(places, shared) {
      for length in Int(shared)..<Int(lengths[Int(place)]) { sizes[length] += 1 }
    }
    sizes[0] = vocabularySize
    try admit(sizes)

    levels = []
    counts = []
    var occurrences: [[Int32]] = []
    for (index, size) in sizes.enumerated() {
      var level = NGramLevel()
      if index == 0 {
        level.tokens = (0..<TokenID(vocabularySize)).map { $0 }
        occurrences.append([Int32](repeating: 0, count: size))
      } else {
        level.tokens.reserveCapacity(size)
        occurrences.append([])
        occurrences[index].reserveCapacity(size)
      }
      if index < order - 1 { level.children.reserveCapacity(size + 1) }
      levels.append(level)
    }
    // Every level's n-grams in their order; a new one begins where a place shares less than its
    // length with the place before.
    for (place, shared) in zip(places, shared) {
      let (place, length) = (Int(place), Int(lengths[Int(place)]))
      let first = Int(tokens[place])
      // Tokens that no n-gram begins with have no children either.
      if order > 1 {
        while levels[0].children.count <= first {
          levels[0].children.append(Int32(levels[1].tokens.count))
        }
      }
      occurrences[0][first] += 1
      for index in 1..<max(length, 1) {
        if index < Int(shared) {
          occurrences[index][occurrences[index].count - 1] += 1
          continue
        }
        if index < order - 1 {
          levels[index].children.append(Int32(levels[index + 1].tokens.count))
        }
        levels[index].tokens.append(tokens[place + index])
        occurrences[index].append(1)
      }
    }
    for index in 0..<order - 1 {
      let end = Int32(levels[index + 1].tokens.count)
      while levels[index].children.count <= levels[index].tokens.count {
        levels[index].children.append(end)
      }
    }
    counts = Self.adjusted(occurrences, levels)
  }

  /// How many tokens an n-gram that begins at each place can have: up to the next boundary token
  /// behind the place, that included, and N at most.
  private static func lengths(_ tokens: [TokenID], order: Int) -> [UInt8] {
    var lengths = [UInt8](repeating: 0, count: tokens.count)
    var end = tokens.count
    for place in tokens.indices.reversed() {
      lengths[place] = UInt8(min(order, end - place))
      if tokens[place] == Vocabulary.boundary { end = place + 1 }
    }
    return lengths
  }

  /// All places, by the tokens from there on; where an n-gram ends early it comes before those that
  /// begin with it.
  private static func sorted(
    _ tokens: [TokenID], _ lengths: [UInt8], vocabularySize: Int, order: Int
  ) -> [Int32] {
    var places = (0..<Int32(tokens.count)).map { $0 }
    var sorted = places
    for offset in (0..<order).reversed() {
      func key(_ place: Int32) -> Int {
        offset < Int(lengths[Int(place)]) ? Int(tokens[Int(place) + offset]) + 1 : 0
      }
      var ends = [Int](repeating: 0, count: vocabularySize + 2)
      for place in places { ends[key(place) + 1] += 1 }
      for index in 1..<ends.count { ends[index] += ends[index - 1] }
      for place in places {
        let key = key(place)
        sorted[ends[key]] = place
        ends[key] += 1
      }
      swap(&places, &sorted)
    }
    return places
  }

  /// With how many tokens each place begins like the one before it in the order.
  private static func sharedLengths(
    _ tokens: [TokenID], _ lengths: [UInt8], _ places: [Int32]
  ) -> [UInt8] {
    var shared = [UInt8](repeating: 0, count: places.count)
    for index in places.indices.dropFirst() {
      let (left, right) = (Int(places[index - 1]), Int(places[index]))
      let longest = Int(min(lengths[left], lengths[right]))
      var length = 0
      while length < longest, tokens[left + length] == tokens[right + length] { length += 1 }
      shared[index] = UInt8(length)
    }
    return shared
  }

  /// The counts of Kneser-Ney smoothing.
  private static func adjusted(_ occurrences: [[Int32]], _ levels: [NGramLevel]) -> [[Int32]] {
    var counts = occurrences
    // The n-gram without its first token, of each n-gram of the level in hand.
    var links: [Int32] = []
    for index in levels.indices.dropFirst() {
      let (shorter, level) = (levels[index - 1], levels[index])
      var own = [Int32](repeating: 0, count: level.tokens.count)
      var behind = [Int32](repeating: 0, count: shorter.tokens.count)
      for node in shorter.tokens.indices {
        // What follows the n-gram follows it without its first token too, in the same order.
        var place = index == 1 ? 0 : Int(levels[index - 2].children[Int(links[node])])
        for child in shorter.children(of: node) {
          let token = level.tokens[child]
          if index == 1 {
            place = Int(token)
          } else {
            while shorter.tokens[place] != token { place += 1 }
          }
          own[child] = Int32(place)
          behind[place] += 1
        }
      }
      // At the first level all count by what is before them. At others n-grams that begin with the
      // boundary token, the children of its children and so on, lie in front.
      let kept = index == 1 ? 0 : Self.beginCount(levels, level: index - 1)
      counts[index - 1].replaceSubrange(kept..., with: behind[kept...])
      links = own
    }
    return counts
  }

  /// How many n-grams of a level begin with the boundary token, which is the first of all tokens.
  private static func beginCount(_ levels: [NGramLevel], level: Int) -> Int {
    var end = Int(Vocabulary.boundary) + 1
    for index in 0..<level { end = Int(levels[index].children[end]) }
    return end
  }
}
