/// Whether the first row of a table names its columns.
public enum HeaderRule: String, Sendable, CaseIterable {
  /// As the rows look.
  case automatic = "auto"
  /// It does.
  case present = "yes"
  /// It is a text like the others.
  case absent = "no"
}
