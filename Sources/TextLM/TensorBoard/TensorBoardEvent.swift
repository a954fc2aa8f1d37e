/// One record of a TensorBoard event file.
///
/// A record is `u64 length | u32 masked CRC of the length | data | u32 masked CRC of the data`, all
/// with the lowest byte first; the data is an `Event` of TensorFlow's `event.proto`.
package struct TensorBoardEvent: Sendable, Equatable {
  /// What an event tells.
  package enum Content: Sendable, Equatable {
    /// The first event of a file.
    case fileVersion
    /// The process begins here: what an earlier one wrote of this step and later ones is void.
    case sessionStart
    /// Numbers by their tags.
    case scalars([Scalar])
    /// A text, shown as it is.
    case text(tag: String, String)
  }

  /// A number with what it is called.
  package struct Scalar: Sendable, Equatable {
    package let tag: String
    package let value: Double

    package init(_ tag: String, _ value: Double) {
      self.tag = tag
      self.value = value
    }
  }

  /// Seconds since 1970.
  package let time: Double
  /// The optimizer step.
  package let step: Int
  package let content: Content

  package init(time: Double, step: Int = 0, _ content: Content) {
    self.time = time
    self.step = step
    self.content = content
  }

  /// The record as it is in a file.
  package var record: [UInt8] {
    let data = message.bytes
    let length = UInt64(data.count).littleEndianBytes
    return length + CRC32C.masked(length).littleEndianBytes + data
      + CRC32C.masked(data).littleEndianBytes
  }

  private var message: ProtobufMessage {
    var event = ProtobufMessage()
    event.add(1, double: time)
    // What is 0 is not written, as by the reference.
    if step != 0 { event.add(2, varint: step) }
    switch content {
    case .fileVersion:
      event.add(3, text: "brain.Event:2")
    case .sessionStart:
      event.add(7) { $0.add(1, varint: 1) }
    case .scalars(let scalars):
      event.add(5) { summary in
        for scalar in scalars {
          summary.add(1) { value in
            value.add(1, text: scalar.tag)
            value.add(2, float: Float(scalar.value))
          }
        }
      }
    case .text(let tag, let text):
      event.add(5) { $0.add(1) { Self.add(text, tag, to: &$0) } }
    }
    return event
  }

  /// A tensor of one string, for the plugin that shows Markdown: indented lines are shown as they
  /// are.
  private static func add(_ text: String, _ tag: String, to value: inout ProtobufMessage) {
    let stringType = 7
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    value.add(1, text: tag)
    value.add(8) { tensor in
      tensor.add(1, varint: stringType)
      tensor.add(2) { shape in shape.add(2) { $0.add(1, varint: 1) } }
      tensor.add(8, text: lines.map { "    \($0)" }.joined(separator: "\n"))
    }
    value.add(9) { metadata in metadata.add(1) { $0.add(1, text: "text") } }
  }
}
