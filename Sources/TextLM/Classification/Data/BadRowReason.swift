public import TextLMTensors

/// Why a row is no labelled text.
public enum BadRowReason: Sendable, Equatable {
  /// The row ends before the column, or the object has no such member.
  case missingColumn(String)
  /// The row has more fields than the first one.
  case surplusFields(found: Int, expected: Int)
  /// There is nothing in the text but white space.
  case emptyText
  /// The text is no text.
  case notText(found: String)
  /// There is nothing in the label but white space.
  case emptyLabel
  /// The label is no text, number or truth value.
  case notLabel(found: String)
  /// There are several labels, or none, and the labels are not read as several a text.
  case labelCount(Int)
  /// The label is no number, and the labels are read as ordinal.
  case noNumber(String)
  /// Something follows a closing quote within its field.
  case brokenQuotes
  /// A quote is never closed, so that it takes so many lines more, to the end of the file.
  case unclosedQuote(lineCount: Int)
  /// The row has more bytes than are read.
  case tooLong(limit: Int)
  /// The row has more fields than are read.
  case tooManyFields(limit: Int)
  /// The line is no JSON.
  case json(JSONError)
  /// The line is JSON and no object.
  case notObject(found: String)
}

extension BadRowReason: CustomStringConvertible {
  /// What is wrong, in the words of a message.
  public var description: String {
    switch self {
    case .missingColumn(let name): "has no \(name)"
    case .surplusFields(let found, let expected):
      "has \(found) fields, and the first row has \(expected): put a field with a separator in it "
        + "in quotes"
    case .emptyText: "the text is empty"
    case .notText(let found): "the text is \(found), expected a string"
    case .emptyLabel: "the label is empty"
    case .notLabel(let found): "the label is \(found), expected a string or a number"
    case .labelCount(0): "has no label"
    case .labelCount(let count): "has \(count) labels, and is read as having one"
    case .noNumber(let label):
      "the label \(quotedForMessage(label)) is no number, and ordinal labels are"
    case .brokenQuotes:
      "something follows a closing quote within its field: write a quote that belongs to the text "
        + "twice"
    case .unclosedQuote(0): "a quote is not closed"
    case .unclosedQuote(let lineCount):
      "a quote is not closed; lines behind it that were not read: \(lineCount)"
    case .tooLong(let limit): "has more than \(limit) bytes, which are the most that are read"
    case .tooManyFields(let limit):
      "has more than \(limit) fields, which are the most that are read"
    case .json(let error): "\(error)"
    case .notObject(let found): "is \(found), expected an object"
    }
  }
}
