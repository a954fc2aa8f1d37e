extension ScalarRanges {
  /// The set for people: its first characters.
  var summary: String {
    let shown = ranges.prefix(4).map { range in
      [range.lowerBound, range.upperBound].prefix(range.count)
        .compactMap { Unicode.Scalar($0) }.map { "'\($0)'" }.joined(separator: " to ")
    }
    let text = shown.joined(separator: ", ") + (ranges.count > 4 ? ", ..." : "")
    return ranges.count == 1 && ranges.allSatisfy { $0.count == 1 } ? text : "one of \(text)"
  }
}
