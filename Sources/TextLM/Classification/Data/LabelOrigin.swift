/// Where the label of a file's texts is, when it is not among them.
public enum LabelOrigin: String, Sendable, CaseIterable {
  /// The name of the folder that the file lies in.
  case folder
  /// The name of the file without what follows its last point: `eng` of `udhr/eng.txt`.
  case fileName = "file-name"
  /// What follows the last point of the file's name: `pos` of `rt-polarity.pos`.
  case fileExtension = "extension"
}
