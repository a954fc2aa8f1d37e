/// Rows and steps of a batch, made to fit a short text.
struct BatchShape: Equatable {
  let batchSize: Int
  let sequenceLength: Int
  let characterCount: Int

  /// As asked for where the text has that many characters; else fewer rows, down to one, and then
  /// shorter windows.
  init(fitting options: TrainingData.Options, characterCount: Int) {
    // A row should have at least two windows, or there is no state to carry.
    let rows = max(1, min(options.batchSize, characterCount / options.sequenceLength / 2))
    self.characterCount = characterCount
    batchSize = rows
    sequenceLength = max(1, min(options.sequenceLength, characterCount / rows - 1))
  }
}
