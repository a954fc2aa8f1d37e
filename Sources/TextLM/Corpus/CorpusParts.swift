/// A corpus divided into what is learned from and what is measured on.
///
/// The parts are not normalized yet, because results are given by characters of the text as it is;
/// but the rows of a batch are, which are to be equally long in tokens.
struct CorpusParts {
  /// Learned from, in pieces.
  var training: [UTF8Text] = []
  /// Measured on; empty when nothing was held out.
  var validation: [UTF8Text] = []
  /// Set when every row of a batch has a held-out end of its own.
  var interleaved: InterleavedParts?
  var notices: [String] = []

  init(
    _ texts: [UTF8Text], _ options: TrainingData.Options, _ shape: BatchShape
  ) throws(CorpusError) {
    switch options.split {
    case .none:
      training = texts
      notices = ["nothing is held out: results are those on the training text itself"]
    case .files(let files):
      training = texts
      validation = files.map(\.text)
    case .tail(let fraction):
      try Self.check(fraction)
      takeTail(of: texts, fraction: fraction)
    case .streams(let fraction):
      try Self.check(fraction)
      takeStreams(
        of: texts.map { options.preparation.prepare($0) }, fraction: fraction, shape)
    }
  }

  private static func check(_ fraction: Double) throws(CorpusError) {
    guard fraction >= 0, fraction <= 1 else { throw .fraction("\(fraction)") }
  }

  private mutating func takeTail(of texts: [UTF8Text], fraction: Double) {
    let total = texts.reduce(0) { $0 + $1.characterCount }
    var left = Int(Double(total) * (1 - fraction))
    if left == total, total > 1 { left -= 1 }
    for text in texts {
      let count = text.characterCount
      if left >= count {
        training.append(text)
      } else if left == 0 {
        validation.append(text)
      } else {
        let parts = text.split(atByte: text.byteOffset(ofCharacter: left))
        training.append(parts.head)
        validation.append(parts.tail)
      }
      left = max(0, left - count)
    }
  }

  private mutating func takeStreams(
    of texts: [UTF8Text], fraction: Double, _ shape: BatchShape
  ) {
    let whole = texts.count == 1 ? texts[0] : UTF8Text(texts.map(\.string).joined())
    let windows = whole.characterCount / (shape.batchSize * shape.sequenceLength)
    let kept = max(1, Int(Double(windows) * (1 - fraction)))
    guard windows > kept else {
      takeTail(of: [whole], fraction: fraction)
      notices.append("too few windows to hold out the end of each stream: the tail is held out")
      return
    }
    let streams = InterleavedParts(
      whole, rowCount: shape.batchSize, rowLength: windows * shape.sequenceLength,
      trainingLength: kept * shape.sequenceLength)
    training = streams.training
    validation = streams.validation
    interleaved = streams
  }
}

extension UTF8Text {
  /// The byte at which character `index` begins, a character being a Unicode scalar.
  func byteOffset(ofCharacter index: Int) -> Int {
    var seen = 0
    for (offset, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
      if seen == index { return offset }
      seen += 1
    }
    return bytes.count
  }
}
