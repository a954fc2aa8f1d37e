import CTextLMICU

extension tlm_icu_result {
  /// The bytes, which live in ICU's handle until its next call.
  var text: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: bytes, count: Int(count))
  }

  /// The edits of a part of a text that begins at these offsets.
  func edits(inputOffset: Int, outputOffset: Int) -> [OffsetMap.Edit] {
    UnsafeBufferPointer(start: edits, count: Int(editCount)).map { edit in
      let input = inputOffset + Int(edit.input)
      let output = outputOffset + Int(edit.output)
      return OffsetMap.Edit(
        input: input..<input + Int(edit.inputCount),
        output: output..<output + Int(edit.outputCount))
    }
  }
}

extension TextError {
  /// Throws for a status of ICU's that is a failure; those below zero are warnings.
  static func check(_ status: Int32, operation: String) throws(TextError) {
    guard status > 0 else { return }
    throw .unicodeFailure(operation: operation, status: statusName(status))
  }

  /// ICU's name of a status.
  static func statusName(_ status: Int32) -> String {
    tlm_icu_status_name(status).map { String(cString: $0) } ?? String(status)
  }
}
