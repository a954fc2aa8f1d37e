/// A corpus that cannot be learned from.
public enum CorpusError: Error, Equatable {
  /// There is hardly any text.
  case tooShort(names: [String], characterCount: Int, smallest: Int)
  /// One symbol again and again: every model of it is perfect and useless.
  case oneSymbol(names: [String])
  /// The split leaves nothing to learn from.
  case nothingToTrainOn(characterCount: Int, split: String)
  /// The part to hold out is no part.
  case fraction(String)
  /// Streams are rows of one text, whatever its documents.
  case streamsOfDocuments
  /// There is not enough text for so many blocks, or not enough documents, where they are kept whole.
  case tooFewForFolds(count: Int, characterCount: Int, documentCount: Int?)
  /// The split leaves nothing to measure on.
  case nothingToValidateOn(split: String)
}

extension CorpusError: CustomStringConvertible {
  /// What is wrong with the corpus, and what to do about it.
  public var description: String {
    switch self {
    case .tooShort(let names, let characterCount, let smallest):
      "\(names.joined(separator: ", ")): \(characterCount) characters of text, but a model needs "
        + "at least \(smallest), and some thousands to be of use: give a longer text"
    case .oneSymbol(let names):
      "\(names.joined(separator: ", ")): the training part has only one distinct symbol, so there "
        + "is nothing to predict: give a text with at least two"
    case .nothingToTrainOn(let characterCount, let split):
      "the split \(split) of \(characterCount) characters leaves nothing to train on: hold out "
        + "less with --validation-fraction"
    case .fraction(let value):
      "\(value) of the text cannot be held out: give --validation-fraction a number from 0 to 1"
    case .streamsOfDocuments:
      "--split streams cuts the text into rows of equal length, which are no documents: leave "
        + "--documents away, or hold out the tail"
    case .tooFewForFolds(let count, let characterCount, nil):
      "\(characterCount) characters cannot be divided into \(count) folds: give a longer text or "
        + "fewer --folds"
    case .tooFewForFolds(let count, _, .some(let documentCount)):
      "\(documentCount) documents of these lengths cannot be divided into \(count) folds without "
        + "cutting one: give more documents or fewer --folds"
    case .nothingToValidateOn(let split):
      "the split \(split) leaves nothing to validate on: hold out more with "
        + "--validation-fraction, or give a text with --validation FILE"
    }
  }
}
