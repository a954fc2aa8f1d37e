/// Which part of the text is held out, to measure the model on text it has not learned from.
public enum CorpusSplit: Sendable {
  /// The last `fraction` of all characters, in one piece.
  case tail(fraction: Double)
  /// The last `fraction` of the windows of each of the streams that a batch reads side by side, as
  /// char-rnn does; what does not fill a window in every stream is dropped.
  case streams(fraction: Double)
  /// Texts of their own.
  case files([CorpusFile])
  /// Nothing; the model is then judged on what it was trained on.
  case none

  /// The name with which results on this part are to be quoted.
  public var name: String {
    switch self {
    case .tail(let fraction): "tail \(fraction)"
    case .streams(let fraction): "streams \(fraction)"
    case .files: "files"
    case .none: "none"
    }
  }
}
