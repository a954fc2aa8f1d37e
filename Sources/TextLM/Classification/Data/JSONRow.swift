import TextLMTensors

/// What the objects of a file of JSON lines have as text and as labels.
///
/// The members are those that the reading names, or the first usual ones (see `LabelledColumns`) of
/// the first object.
struct JSONRow {
  private struct Members {
    let text: String
    let labels: [String]
  }

  private let reading: LabelledReading
  /// The label of all objects, when it is not in them.
  private let label: String?
  private var members: Members?

  init(_ reading: LabelledReading, label: String?) {
    self.reading = reading
    self.label = label
  }

  var notices: [String] {
    guard let members else { return [] }
    let labels = members.labels.map(quotedForMessage).joined(separator: ", ")
    return ["text in \(quotedForMessage(members.text))"]
      + (labels.isEmpty ? [] : ["label in \(labels)"])
  }

  /// Adds the text of a line.
  mutating func add(
    _ bytes: ArraySlice<UInt8>, at place: LabelledPlace, to collector: inout LabelledCollector
  ) throws(LabelledDataError) {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: Array(bytes))
    } catch {
      return try collector.addBad(.json(error), at: place)
    }
    guard case .object(let object) = value else {
      return try collector.addBad(.notObject(found: value.summary), at: place)
    }
    if members == nil { members = try found(in: object, path: place.path) }
    guard let members else { return }
    for name in [members.text] + members.labels where object[name] == nil {
      return try collector.addBad(.missingColumn("member \(quotedForMessage(name))"), at: place)
    }
    guard case .string(let text)? = object[members.text] else {
      let summary = object[members.text]?.summary ?? "missing"
      return try collector.addBad(.notText(found: summary), at: place)
    }
    var labels = label.map { [$0] } ?? []
    for value in members.labels.compactMap({ object[$0] }) {
      if case .array(let elements) = value {
        for element in elements {
          guard let name = Self.label(element) else {
            return try collector.addBad(.notLabel(found: element.summary), at: place)
          }
          labels.append(name)
        }
      } else if let name = Self.label(value) {
        labels += reading.labels(in: name)
      } else {
        return try collector.addBad(.notLabel(found: value.summary), at: place)
      }
    }
    // A member that is there and empty says that there is no label.
    try collector.add(text, labels: labels, at: place, isExplicit: label == nil)
  }

  private func found(
    in object: JSONObject, path: String
  ) throws(LabelledDataError) -> Members {
    let names = object.members.map(\.key)
    let lengths = object.members.map { member in
      if case .string(let text) = member.value { Double(text.utf8.count) } else { 0.0 }
    }
    let columns = try LabelledColumns(
      reading, names: names, .members, lengths: lengths, hasLabels: label == nil, path: path)
    return Members(text: names[columns.text], labels: columns.labels.map { names[$0] })
  }

  /// The label that a value is; nil for null, objects and arrays.
  private static func label(_ value: JSONValue) -> String? {
    switch value {
    case .string(let text): text
    case .integer(let number): String(number)
    case .unsigned(let number): String(number)
    case .number(let number): String(number)
    case .bool(let truth): String(truth)
    case .null: ""
    case .object, .array: nil
    }
  }
}
