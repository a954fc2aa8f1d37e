/// How much of a text stands in another one as it is.
///
/// Characters are the model's tokens; one that is spelled in bytes counts as several.
///
/// Reference: R. T. McCoy et al., "How much do language models copy from their training data?",
/// Transactions of the ACL 11, 2023.
public struct Novelty: Sendable, Equatable {
  /// The stretches of one length.
  public struct Point: Sendable, Equatable {
    /// Characters of a stretch.
    public let length: Int
    /// All stretches of this length, at every place of the text.
    public let count: Int
    /// Those of them that the other text does not have.
    public let newCount: Int

    /// The counts of a length.
    package init(length: Int, count: Int, newCount: Int) {
      self.length = length
      self.count = count
      self.newCount = newCount
    }

    /// The part that is new, from 0 to 1.
    public var part: Double { Double(newCount) / Double(count) }
  }

  /// For stretches of 4, 8, 16, ... characters, as long as the text has any and not all are new; the
  /// first length of which all are new comes last.
  public let curve: [Point]
  /// The tokens of the longest stretch that the other text has too, the first of several.
  public let longest: [TokenID]

  /// How much of `texts` stands in the texts of an index.
  public init(_ texts: [[TokenID]], _ index: CopyIndex) {
    var matches: [[Int]] = []
    var longest: ArraySlice<TokenID> = []
    for text in texts {
      var match = CopyMatch()
      var lengths: [Int] = []
      for (place, token) in text.enumerated() {
        match.append(token, index)
        lengths.append(match.length)
        if match.length > longest.count {
          longest = text[(place + 1 - match.length)...place]
        }
      }
      matches.append(lengths)
    }
    self.longest = Array(longest)
    var points: [Point] = []
    var length = 4
    while points.last.map({ $0.newCount < $0.count }) != false {
      var (count, newCount) = (0, 0)
      for lengths in matches {
        for match in lengths.dropFirst(length - 1) {
          count += 1
          if match < length { newCount += 1 }
        }
      }
      if count == 0 { break }
      points.append(Point(length: length, count: count, newCount: newCount))
      length *= 2
    }
    curve = points
  }
}
