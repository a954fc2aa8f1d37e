public import Testing
public import TextLM

/// Checks every law of `Segmenter` on one text.
public func checkSegmenterLaws(
  _ segmenter: any Segmenter, on text: UTF8Text,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let kind = type(of: segmenter).kind
  let units = segmenter.units(of: text)
  var end = 0
  for unit in units {
    #expect(unit.lowerBound == end, sourceLocation: sourceLocation)
    #expect(!unit.isEmpty, sourceLocation: sourceLocation)
    end = unit.upperBound
    switch kind {
    case .byte: #expect(unit.count == 1, sourceLocation: sourceLocation)
    case .scalar, .sequence:
      let alone = String(decoding: text.bytes[unit], as: UTF8.self)
      #expect(alone.utf8.elementsEqual(text.bytes[unit]), sourceLocation: sourceLocation)
      #expect(segmenter.isUnit(UTF8Text(alone)), sourceLocation: sourceLocation)
      if kind == .scalar {
        #expect(alone.unicodeScalars.count == 1, sourceLocation: sourceLocation)
      }
    }
  }
  #expect(end == text.bytes.count, sourceLocation: sourceLocation)

  var separately: [Range<Int>] = []
  var lineStart = 0
  for line in text.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
    let lineEnd = min(line.endIndex + 1, text.bytes.count)
    let alone = UTF8Text(String(decoding: text.bytes[lineStart..<lineEnd], as: UTF8.self))
    separately += segmenter.units(of: alone).map {
      $0.lowerBound + lineStart..<$0.upperBound + lineStart
    }
    lineStart = lineEnd
  }
  #expect(units == separately, sourceLocation: sourceLocation)
}
