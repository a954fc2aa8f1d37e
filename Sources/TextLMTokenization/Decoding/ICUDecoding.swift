import CTextLMICU

/// Bytes in an encoding of ICU's, as they come.
final class ICUDecoding {
  private let handle: OpaquePointer?

  /// Opens a converter.
  ///
  /// - Throws: `TextError.unknownEncoding` for a name that ICU does not know.
  init(named name: String) throws(TextError) {
    var opened: OpaquePointer?
    guard !name.utf8.contains(0), tlm_icu_converter_open(name, &opened) <= 0 else {
      throw .unknownEncoding(name: name)
    }
    handle = opened
  }

  deinit {
    tlm_icu_converter_close(handle)
  }

  /// The encoding's usual name, whatever alias it was opened by.
  var name: String {
    var text = [CChar](repeating: 0, count: Int(TLM_ICU_NAME_CAPACITY))
    tlm_icu_converter_name(handle, &text)
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Takes the next bytes, which begin at `source`. `handle` is told of each wrong piece.
  func decode(
    _ bytes: [UInt8], source: Int, isLast: Bool, into buffer: inout DecodedBuffer,
    handle handleInvalid: (_ source: Int, _ byteCount: Int, inout DecodedBuffer) throws -> Void
  ) throws {
    var start = 0
    repeat {
      var result = tlm_icu_converted()
      let status = bytes.withUnsafeBufferPointer { input in
        // The address of an empty array may be none; nothing is read from it then.
        tlm_icu_converter_next(
          handle, input.baseAddress.map { $0 + start }, Int32(input.count - start), isLast, &result)
      }
      if status > 0 {
        let text = tlm_icu_status_name(status).map { String(cString: $0) } ?? String(status)
        throw TextError.conversionFailed(encoding: name, status: text)
      }
      append(result, source: source + start, to: &buffer)
      start += Int(result.consumed)
      if result.invalidCount > 0 {
        let count = Int(result.invalidCount)
        try handleInvalid(source + start - count, count, &buffer)
      } else {
        return
      }
    } while start < bytes.count || isLast
  }

  private func append(
    _ result: tlm_icu_converted, source: Int, to buffer: inout DecodedBuffer
  ) {
    let text = UnsafeBufferPointer(start: result.text, count: Int(result.count)).span
    guard buffer.map != nil else { return buffer.append(text, source: source) }
    let offsets = UnsafeBufferPointer(start: result.offsets, count: Int(result.scalarCount))
    let end = Int(result.consumed - result.pending - result.invalidCount)
    var place = 0
    for (index, offset) in offsets.enumerated() {
      let length = UTF8Scalar.length(leadByte: text[place])
      let next = index + 1 < offsets.count ? Int(offsets[index + 1]) : end
      buffer.append(
        scalar: text.extracting(place..<place + length), source: source + Int(offset),
        byteCount: max(0, next - Int(offset)))
      place += length
    }
  }
}

extension TextEncoding {
  /// Checks that there is such an encoding.
  ///
  /// - Throws: `TextError.unknownEncoding`.
  public func check() throws(TextError) {
    if case .named(let name) = self { _ = try ICUDecoding(named: name) }
  }
}
