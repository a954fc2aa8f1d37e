import Foundation
import TextLM

/// The lines of a text, each a JSON value read by the strict parser.
func jsonLines(_ text: String) throws -> [JSONField] {
  try text.split(separator: "\n").map {
    JSONField(try JSONValue(parsing: String($0)), path: "line")
  }
}

extension JSONField {
  /// The names of an object's members in their order.
  var keys: [String] {
    get throws { try members().map(\.key) }
  }
}
