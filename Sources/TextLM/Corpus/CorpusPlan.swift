/// A corpus divided into what is learned from and what is measured on: segments of its characters,
/// in order.
///
/// Characters are those of the text as it is read, because results are given by them; but for the
/// rows of a batch, which are to be equally long in tokens, those of the text as it is prepared.
struct CorpusPlan {
  /// What a segment is for.
  enum Part: Equatable {
    case training, validation
  }

  /// So many characters, from where the segment before ended.
  struct Segment: Equatable {
    var characterCount: Int
    var part: Part
  }

  /// In front of what the boundary token stands.
  enum Boundaries: String {
    /// Documents, and what a segment begins with.
    case documents
    /// What a segment begins with: the whole text is one document.
    case segments
    /// Nothing.
    case none
  }

  /// The files in order, those to validate on behind those to learn from.
  let files: [CorpusFile]
  private(set) var segments: [Segment]
  /// Whether characters are counted behind the preparation.
  private(set) var isPrepared = false
  private(set) var boundaries = Boundaries.documents
  /// Whether the ends of documents are measured: the boundary token behind each is predicted, and
  /// counts as the one character that lies between documents.
  let measuresEnds: Bool
  private(set) var notices: [String]

  /// Divides `files` as the options say.
  init(
    _ files: [CorpusFile], _ options: TrainingData.Options, _ shape: BatchShape
  ) throws {
    let total = files.reduce(0) { $0 + $1.characterCount }
    notices = files.flatMap(\.notices)
    measuresEnds = options.reading?.documents.separatesWithinFiles ?? false
    switch options.split {
    case .none:
      self.files = files
      segments = [Segment(characterCount: total, part: .training)]
      notices.append("nothing is held out: results are those on the training text itself")
    case .files(let others):
      self.files = files + others
      notices += others.flatMap(\.notices)
      let count = others.reduce(0) { $0 + $1.characterCount }
      segments = [
        Segment(characterCount: total, part: .training),
        Segment(characterCount: count, part: .validation),
      ]
    case .tail(let fraction):
      try Self.check(fraction)
      self.files = files
      segments = Self.tail(of: total, fraction: fraction)
    case .streams(let fraction):
      try Self.check(fraction)
      guard options.reading?.documents ?? .file == .file else {
        throw CorpusError.streamsOfDocuments
      }
      self.files = files
      segments = []
      try divideStreams(fraction: fraction, shape, options.preparation)
    case .fold(let number, let count):
      self.files = files
      let ends = try Self.foldEnds(files, count: count, keepsDocuments: measuresEnds)
      let (begin, end) = (number == 1 ? 0 : ends[number - 2], ends[number - 1])
      segments = [
        Segment(characterCount: begin, part: .training),
        Segment(characterCount: end - begin, part: .validation),
        Segment(characterCount: total - end, part: .training),
      ].filter { $0.characterCount > 0 }
    }
  }

  private static func check(_ fraction: Double) throws(CorpusError) {
    guard fraction >= 0, fraction <= 1 else { throw .fraction("\(fraction)") }
  }

  private static func tail(of total: Int, fraction: Double) -> [Segment] {
    var kept = Int(Double(total) * (1 - fraction))
    if kept == total, total > 1 { kept -= 1 }
    return [
      Segment(characterCount: kept, part: .training),
      Segment(characterCount: total - kept, part: .validation),
    ]
  }

  /// Cuts the text into rows of equal length, of which each has its end held out.
  private mutating func divideStreams(
    fraction: Double, _ shape: BatchShape, _ preparation: TextPreparation
  ) throws {
    isPrepared = true
    var total = 0
    for file in files {
      try file.forEachPassage { total += preparation.prepare($0.text).characterCount }
    }
    let windows = total / (shape.batchSize * shape.sequenceLength)
    let kept = max(1, Int(Double(windows) * (1 - fraction)))
    guard windows > kept else {
      boundaries = .segments
      segments = Self.tail(of: total, fraction: fraction)
      notices.append("too few windows to hold out the end of each stream: the tail is held out")
      return
    }
    boundaries = .none
    for _ in 0..<shape.batchSize {
      segments += [
        Segment(characterCount: kept * shape.sequenceLength, part: .training),
        Segment(characterCount: (windows - kept) * shape.sequenceLength, part: .validation),
      ]
    }
  }

  /// Whether every row of a batch has a held-out end of its own.
  var isInterleaved: Bool { boundaries == .none }

  /// What is measured on: the validation part or, where there is none, all.
  var measuredPart: Part {
    segments.contains { $0.part == .validation } ? .validation : .training
  }

  /// Bytes of all text in UTF-8: no text has more tokens, but for boundaries and for what
  /// preparation adds.
  var textByteCount: Int { files.reduce(0) { $0 + $1.textByteCount } }
}
