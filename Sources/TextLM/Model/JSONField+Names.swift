extension RawRepresentable where Self: CaseIterable, RawValue == String {
  /// Reads a stored name, which may come from anywhere.
  init(named field: JSONField) throws(JSONFieldError) {
    let name = try field.string()
    guard let value = Self(rawValue: name) else {
      throw JSONFieldError.outOfRange(
        path: field.path, expected: Self.allCases.map(\.rawValue).joined(separator: " or "),
        found: field.value.summary)
    }
    self = value
  }
}

extension JSONField {
  /// Refuses everything but one name.
  func require(_ name: String) throws(JSONFieldError) {
    guard try string().utf8.elementsEqual(name.utf8) else {
      throw .outOfRange(path: path, expected: name, found: value.summary)
    }
  }
}
