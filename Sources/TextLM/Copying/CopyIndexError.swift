/// An index of copies that cannot be made or used.
public enum CopyIndexError: Error, Equatable {
  /// The text has more tokens than there is room for.
  case tooLong(tokenCount: Int, limit: Int, bytesPerToken: Int)
  /// There is no index beside the model.
  case missing(path: String)
  /// A newer textlm wrote the file.
  case newerFormat(path: String, version: Int, known: Int)
  /// The file's numbers are none of an index; `problem` says what and where.
  case damaged(path: String, problem: String)
  /// The index was made by a model that reads texts in another way.
  case otherTokenizer(path: String)
}

extension CopyIndexError: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .tooLong(let tokenCount, let limit, let bytesPerToken):
      "the text has \(Numbers.grouped(tokenCount)) tokens, but an index of copies takes some "
        + "\(bytesPerToken) bytes of memory for each while it is made, and here at most "
        + "\(Numbers.grouped(limit)) have room: give a part of the text with --copied-from when "
        + "writing or measuring, and leave --copy-index away"
    case .missing(let path):
      "\(path): there is no index of the training text: give the text with --copied-from, or have "
        + "the index made by " + Self.making
    case .newerFormat(let path, let version, let known):
      "\(path): the index has format \(version), but this textlm reads formats up to \(known): use "
        + "a newer textlm, or give the text with --copied-from"
    case .damaged(let path, let problem):
      "\(path): the index of copies is damaged: \(problem); make it anew by " + Self.making
        + ", or give the text with --copied-from"
    case .otherTokenizer(let path):
      "\(path): the index belongs to a model with another vocabulary or another way of reading: "
        + "make one for this model by " + Self.making
        + ", or give the text with --copied-from"
    }
  }

  private static let making =
    "`textlm train CORPUS -o FOLDER --resume --copy-index` with the text it was trained on (for "
    + "--arch ngram with --overwrite instead of --resume)"
}
