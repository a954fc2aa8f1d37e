extension CorpusPlan {
  /// Where each of `count` contiguous blocks of the text ends, in characters from its beginning.
  ///
  /// Blocks are equally long to a character. With `keepsDocuments` a border is moved on to where the
  /// next document begins, so that none is learned from in one part and measured in the other.
  static func foldEnds(
    _ files: [CorpusFile], count: Int, keepsDocuments: Bool
  ) throws -> [Int] {
    let total = files.reduce(0) { $0 + $1.characterCount }
    let borders = (1...count).map { total * $0 / count }
    let ends =
      keepsDocuments ? try bordersOfDocuments(files, from: borders, total: total) : borders
    guard zip([0] + ends, ends).allSatisfy({ $0 < $1 }) else {
      throw CorpusError.tooFewForFolds(
        count: count, characterCount: total,
        documentCount: keepsDocuments ? files.reduce(0) { $0 + $1.documentCount } : nil)
    }
    return ends
  }

  /// The first beginning of a document at or behind each border; the end of the text for the last.
  private static func bordersOfDocuments(
    _ files: [CorpusFile], from borders: [Int], total: Int
  ) throws -> [Int] {
    var ends: [Int] = []
    var place = 0
    for file in files {
      try file.forEachPassage { passage in
        if passage.startsDocument {
          while ends.count < borders.count - 1, borders[ends.count] <= place { ends.append(place) }
        }
        place += passage.text.characterCount
      }
    }
    return ends + repeatElement(total, count: borders.count - ends.count)
  }
}
