/// Which part of the text is held out, to measure the model on text it has not learned from.
public enum CorpusSplit: Sendable {
  /// The last `fraction` of all characters, in one piece.
  case tail(fraction: Double)
  /// The last `fraction` of the windows of each of the streams that a batch reads side by side, as
  /// char-rnn does; what does not fill a window in every stream is dropped.
  case streams(fraction: Double)
  /// Texts of their own.
  case files([CorpusFile])
  /// One of `count` blocks, in one piece and of about equal length, all of which together are the
  /// text; `number` is from 1. Where a file has documents of its own, blocks begin with one.
  case fold(number: Int, count: Int)
  /// Nothing; the model is then judged on what it was trained on.
  case none

  /// The name with which results on this part are to be quoted.
  public var name: String {
    switch self {
    case .tail(let fraction): "tail \(fraction)"
    case .streams(let fraction): "streams \(fraction)"
    case .files: "files"
    case .fold(let number, let count): "fold \(number) of \(count)"
    case .none: "none"
    }
  }

  /// Texts of their own to measure on, where there are any.
  var files: [CorpusFile] {
    if case .files(let files) = self { files } else { [] }
  }
}
