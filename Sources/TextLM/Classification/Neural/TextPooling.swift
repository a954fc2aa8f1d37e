/// How the outputs of a classifier's encoder, one for each token, become one vector of the text.
///
/// Of an encoder that reads from both ends, D is the width of both outputs together.
public enum TextPooling: String, Sendable, CaseIterable {
  /// The output after the last token that is read, [D]; reading backwards that is the text's first.
  case last
  /// The mean of all outputs, [D].
  case mean
  /// The greatest of each component, [D].
  case max
  /// Those three side by side, [3D].
  case joined
  /// A sum with learned weights, [D], which can be asked for; see `AttentionPooling`.
  case attention

  /// The width of a text's vector for outputs of width `outputSize`.
  func vectorSize(outputSize: Int) -> Int { self == .joined ? 3 * outputSize : outputSize }
}
