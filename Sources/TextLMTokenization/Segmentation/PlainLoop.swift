import CTextLMICU

/// The plain C loops over ICU that the segmenters are compared with.
package enum PlainLoop {
  /// Decodes every scalar into an array, as `U8_NEXT` does; returns their number.
  package static func codePoints(_ text: UTF8Text, into scalars: inout [UInt32]) -> Int {
    text.bytes.withUnsafeBufferPointer { bytes in
      Int(tlm_icu_decode(bytes.baseAddress, Int64(bytes.count), &scalars))
    }
  }

  /// Asks ICU's break iterator for every boundary; returns their number.
  package static func breaks(
    _ kind: ICUBreaker.Kind, _ text: UTF8Text, into ends: inout [Int]
  ) throws(TextError) -> Int {
    let breaker = try ICUBreaker(kind, unit: "plain loop")
    return text.bytes.withUnsafeBufferPointer { bytes in
      breaker.setText(bytes)
      var count = 0
      repeat {
        ends.removeAll(keepingCapacity: true)
        ends.append(addingCapacity: 4096) { breaker.appendEnds(to: &$0) }
        count += ends.count
      } while !ends.isEmpty
      return count
    }
  }
}
