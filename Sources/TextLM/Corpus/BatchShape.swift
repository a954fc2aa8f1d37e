/// Rows and steps of a batch, made to fit a short text.
struct BatchShape: Equatable {
  let batchSize: Int
  let sequenceLength: Int
  let notices: [String]

  /// As asked for where the text has that many characters; else fewer rows, down to one, and then
  /// shorter windows.
  init(fitting options: TrainingData.Options, characterCount: Int) {
    let asked = (batch: options.batchSize, length: options.sequenceLength)
    // A row should have at least two windows, or there is no state to carry.
    let rows = max(1, min(asked.batch, characterCount / (2 * asked.length)))
    let length = max(1, min(asked.length, characterCount / rows - 1))
    batchSize = rows
    sequenceLength = length
    notices =
      rows < asked.batch || length < asked.length
      ? [
        "the text has only \(characterCount) characters: batch \(rows) x \(length) instead of "
          + "\(asked.batch) x \(asked.length)"
      ] : []
  }
}
