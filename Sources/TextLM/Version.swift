/// The version of textlm.
public enum TextLMVersion {
  /// As in `textlm --version` and in training cards.
  public static let current = "0.1.0"
}
