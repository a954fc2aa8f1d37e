extension JSONValue {
  /// The members of an object as rows of a table, whatever its keys are; those of objects within
  /// it are called `outer.inner`, and elements that are objects `outer[0].inner`.
  package func rows() throws -> [(label: String, value: String)] {
    guard case .object(let object) = self else { return [] }
    return try object.members.flatMap { try $0.value.rows(label: $0.key) }
  }

  /// The same as a table of HTML.
  func htmlTable() throws -> String {
    let rows = try rows().map {
      "<tr><th>\(MarkupText.escaped($0.label))</th><td>\(MarkupText.escaped($0.value))</td></tr>\n"
    }
    return "<div class=\"scroll\"><table>\n\(rows.joined())</table></div>\n"
  }

  private func rows(label: String) throws -> [(label: String, value: String)] {
    switch self {
    case .object(let object):
      return try object.members.flatMap { try $0.value.rows(label: "\(label).\($0.key)") }
    case .string(let text):
      return [(label, text)]
    case .array(let elements):
      guard case .object? = elements.first else { return [(label, try text(nonFinite: .null))] }
      return try elements.enumerated().flatMap {
        try $0.element.rows(label: "\(label)[\($0.offset)]")
      }
    default:
      return [(label, try text(nonFinite: .null))]
    }
  }
}
