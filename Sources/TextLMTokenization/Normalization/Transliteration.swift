import CTextLMICU
import Synchronization

/// Rules that write text in other letters: ICU's by their identifiers, such as `Any-Latin;
/// Latin-ASCII`, or rules of one's own, such as `ä > ae; ö > oe;`.
///
/// A text is transliterated line by line, so that nothing depends on what stands in other lines.
/// A line that would become more than 128 times as long stays as it is: rules can be written that
/// never stop growing.
public final class Transliteration: Sendable {
  /// The identifiers or rules, as they were given.
  public let rules: String
  // ICU's transliterators are for one thread at a time.
  private let transliterator: Mutex<ICUTransliterator>

  /// Reads identifiers, or rules where one of `>`, `<`, `→`, `←`, `↔` or `::` occurs.
  ///
  /// - Throws: `TextError.transliteration` with the place that cannot be read.
  public init(_ rules: String) throws(TextError) {
    self.rules = rules
    transliterator = Mutex(try ICUTransliterator(rules))
  }

  /// Transliterates a text line by line.
  func apply(to text: UTF8Text, recording edits: inout [OffsetMap.Edit]?) -> UTF8Text {
    let (result, found) = transliterator.withLock { $0.apply(to: text.bytes) }
    edits?.append(contentsOf: found)
    return UTF8Text(valid: result)
  }
}

/// ICU's transliterator with its buffers.
private struct ICUTransliterator: ~Copyable {
  private let handle: OpaquePointer?

  init(_ rules: String) throws(TextError) {
    let bytes = Array(rules.utf8)
    let isRules = [">", "<", "→", "←", "↔", "::"].contains { rules.utf8.contains($0.utf8) }
    var opened: OpaquePointer?
    var problem = tlm_icu_rule_error()
    let status = tlm_icu_transliterator_open(bytes, Int64(bytes.count), isRules, &problem, &opened)
    handle = opened
    guard status <= 0 else {
      throw .transliteration(
        rules: rules, line: problem.line > 0 ? Int(problem.line) : nil,
        offset: problem.offset >= 0 ? Int(problem.offset) : nil,
        status: TextError.statusName(status))
    }
  }

  deinit {
    tlm_icu_transliterator_close(handle)
  }

  func apply(to text: [UInt8]) -> (result: [UInt8], edits: [OffsetMap.Edit]) {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var edits: [OffsetMap.Edit] = []
    text.withUnsafeBufferPointer { text in
      var start = 0
      while let base = text.baseAddress, start < text.count {
        let end = text[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? text.count
        var line = tlm_icu_result()
        let status = tlm_icu_transliterator_apply(
          handle, base + start, Int64(end - start), &line)
        if status > 0 {
          result += text[start..<end]
        } else {
          edits += line.edits(inputOffset: start, outputOffset: result.count)
          result += line.text
        }
        start = end
      }
    }
    return (result, edits)
  }
}
