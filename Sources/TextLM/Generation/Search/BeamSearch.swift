#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Looks for the likeliest texts by keeping several at a time, none of which is drawn.
///
/// All texts so far go on with all tokens, and the K with the least Σ −ln p stay. Whole ones are
/// ranked by Σ −ln p / n^α over n tokens, the end of the document being one. With G groups each keeps
/// K / G texts, one group after the other, and a token costs λ more for each time that an earlier group
/// has taken it at the same place. A text that another group has found already gives way to the next
/// best. The likeliest text of characters is dull and repeats itself: this is for short ends and
/// constraints, where one right text is looked for.
///
/// Reference: Ashwin Vijayakumar et al., "Diverse Beam Search for Improved Description of Complex
/// Scenes", 2018.
public struct BeamSearch: Sendable, Equatable {
  /// K, texts that are kept.
  public let width: Int
  /// G.
  public let groupCount: Int
  /// λ, in nats.
  public let diversity: Double
  /// α: 0 prefers short texts, 1 ranks by nats a token.
  public let lengthPower: Double

  /// Throws `SamplingError` unless 1 <= K <= 1024, G divides K, λ is positive where there are several
  /// groups and 0 otherwise, and 0 <= α <= 2.
  public init(
    width: Int, groupCount: Int = 1, diversity: Double = 0, lengthPower: Double = 1
  ) throws(SamplingError) {
    guard 1...1024 ~= width else {
      throw .outOfRange(name: "beam", value: "\(width)", allowed: "from 1 to 1024")
    }
    guard 1...width ~= groupCount, width.isMultiple(of: groupCount) else {
      throw .outOfRange(
        name: "beam-groups", value: "\(groupCount)", allowed: "a divisor of the beam's \(width)")
    }
    guard diversity >= 0, diversity.isFinite, (diversity > 0) == (groupCount > 1) else {
      throw .outOfRange(
        name: "beam-diversity", value: "\(diversity)",
        allowed: groupCount > 1 ? "a number above 0" : "0, because there is one group")
    }
    guard 0...2 ~= lengthPower else {
      throw .outOfRange(name: "length-power", value: "\(lengthPower)", allowed: "from 0 to 2")
    }
    self.width = width
    self.groupCount = groupCount
    self.diversity = diversity
    self.lengthPower = lengthPower
  }

  /// The same beam in one group.
  private init(joiningGroupsOf beam: BeamSearch) {
    width = beam.width
    groupCount = 1
    diversity = 0
    lengthPower = beam.lengthPower
  }

  /// A text that goes on.
  private struct Hypothesis {
    var course: TextCourse
    var tokens: [WrittenToken] = []
    /// The cost of all that was read, and its tokens.
    var nats = 0.0
    var count = 0
    /// Its row among the last logits.
    var row = 0
    var last = Vocabulary.boundary
  }

  /// A way for a text to go on.
  private struct Candidate {
    let parent: Int
    let token: TokenID
    let nats: Double
    /// What it is chosen by.
    let cost: Double
  }

  /// The best texts, K at most, the best first, no two of which `text` makes the same characters of.
  /// `reader` has read nothing; `course` begins all texts and has a bound.
  ///
  /// Fewer than K are all that a beam of K finds.
  func texts(
    _ reader: any NextTokenReader, prompt: [TokenID], course: TextCourse, maximumCount: Int,
    text: @escaping ([WrittenToken]) -> String
  ) -> [RankedText] {
    var found = FoundTexts(text)
    search(reader.branch(), prompt, course, maximumCount, &found)
    if groupCount > 1, found.count < width {
      // Groups that went the same way all along have left out what a single group keeps.
      let joined = BeamSearch(joiningGroupsOf: self)
      joined.search(reader.branch(), prompt, course, maximumCount, &found)
    }
    return Array(found.ranked.prefix(width))
  }

  /// Adds what the beam finds to what was found.
  private func search(
    _ reader: any NextTokenReader, _ prompt: [TokenID], _ course: TextCourse, _ maximumCount: Int,
    _ found: inout FoundTexts
  ) {
    var groups = [[Hypothesis]](repeating: [Hypothesis(course: course)], count: groupCount)
    var logits = [reader.logits(after: [Vocabulary.boundary] + prompt)]
    while true {
      var taken: [TokenID: Int] = [:]
      for group in groups.indices {
        groups[group] = continuations(of: groups[group], logits, &taken, &found)
      }
      let live = groups.joined()
      guard let least = live.map(\.nats).min(), !isDone(found, least, maximumCount) else { return }
      logits = reader.logits(after: live.map(\.last), origins: live.map(\.row))
      var row = 0
      for group in groups.indices {
        for index in groups[group].indices {
          groups[group][index].row = row
          row += 1
        }
      }
    }
  }

  /// Whether nothing that goes on can become better than what is kept: costs only grow, and what is
  /// gained by length is bounded.
  private func isDone(_ found: FoundTexts, _ least: Double, _ maximumCount: Int) -> Bool {
    guard found.count >= width else { return false }
    return found.ranked[width - 1].score <= score(least, count: maximumCount + 1)
  }

  private func score(_ nats: Double, count: Int) -> Double {
    nats / pow(Double(max(1, count)), lengthPower)
  }

  /// The texts of a group with one more token; those that end with it are added to `found`.
  private func continuations(
    of parents: [Hypothesis], _ logits: [[Float]], _ taken: inout [TokenID: Int],
    _ found: inout FoundTexts
  ) -> [Hypothesis] {
    var parents = parents
    var candidates: [Candidate] = []
    for index in parents.indices {
      let row = logits[parents[index].row]
      guard let allowed = parents[index].course.allowed(row) else {
        found.insert(whole(&parents[index]))
        continue
      }
      let costs = TokenCost.nats(row)
      for token in allowed.indices where allowed[token] > -.infinity {
        let nats = parents[index].nats + costs[token]
        let penalty = diversity * Double(taken[TokenID(token), default: 0])
        candidates.append(
          Candidate(parent: index, token: TokenID(token), nats: nats, cost: nats + penalty))
      }
    }
    candidates.sort { ($0.cost, $0.parent, $0.token) < ($1.cost, $1.parent, $1.token) }
    let size = width / groupCount
    var kept: [Hypothesis] = []
    // Candidates that were kept or are new whole texts.
    var rank = 0
    for candidate in candidates where kept.count < size {
      var hypothesis = parents[candidate.parent]
      let row = logits[hypothesis.row]
      hypothesis.nats = candidate.nats
      hypothesis.count += 1
      hypothesis.last = candidate.token
      let goesOn = hypothesis.course.append(candidate.token, row)
      hypothesis.tokens += hypothesis.course.takeReleased()
      if goesOn {
        kept.append(hypothesis)
      } else if rank < size {
        // What was found already gives way to the next best.
        guard found.insert(whole(&hypothesis)) else { continue }
      } else {
        // An end that is not among the best would fill the list with texts that stop early.
        continue
      }
      rank += 1
      taken[candidate.token, default: 0] += 1
    }
    return kept
  }

  private func whole(_ hypothesis: inout Hypothesis) -> RankedText {
    hypothesis.tokens += hypothesis.course.takeReleased()
    return RankedText(
      tokens: hypothesis.tokens, finishReason: hypothesis.course.finishReason ?? .length,
      score: score(hypothesis.nats, count: hypothesis.count), seed: nil)
  }
}
