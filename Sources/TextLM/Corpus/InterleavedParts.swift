/// A text cut into rows of equal length, of which each has its end held out.
struct InterleavedParts {
  let training: [UTF8Text]
  let validation: [UTF8Text]

  init(_ text: UTF8Text, rowCount: Int, rowLength: Int, trainingLength: Int) {
    var training: [UTF8Text] = []
    var validation: [UTF8Text] = []
    var rest = text
    for _ in 0..<rowCount {
      let row = rest.split(atByte: rest.byteOffset(ofCharacter: rowLength))
      rest = row.tail
      let parts = row.head.split(atByte: row.head.byteOffset(ofCharacter: trainingLength))
      training.append(parts.head)
      validation.append(parts.tail)
    }
    self.training = training
    self.validation = validation
  }

  /// The rows as tokens. The target behind a row's last token is the next row's first one, and
  /// behind the very last the very first, as in char-rnn.
  func tokens(_ tokenizer: Tokenizer) -> (training: TokenStreams, validation: ScoringPlan) {
    let encoded = zip(training, validation).map {
      (training: tokenizer.encode($0), validation: tokenizer.encode($1))
    }
    // Units spelled in bytes make rows of different lengths. Rows of a batch must be equally long,
    // so the shortest counts; all that is held out is measured.
    let trainingLength = encoded.reduce(Int.max) { min($0, $1.training.count) }
    var all: [TokenID] = []
    var starts: [Int] = []
    var heldOut: [Range<Int>] = []
    for row in encoded {
      starts.append(all.count)
      all += row.training
      heldOut.append(all.count..<all.count + row.validation.count)
      all += row.validation
    }
    all.append(all[0])
    return (
      TokenStreams(tokens: all, starts: starts, length: trainingLength),
      ScoringPlan(tokens: all, reading: heldOut)
    )
  }
}
