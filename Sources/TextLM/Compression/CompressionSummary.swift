/// What compressing a text came to.
public struct CompressionSummary: Sendable, Equatable {
  /// Bytes of the original.
  public let originalByteCount: Int
  /// Bytes of the compressed file.
  public let compressedByteCount: Int
  /// Those of them that stand for the text; the others are header and checksums.
  public let contentByteCount: Int
  /// Characters of the original, Unicode scalars; a wrong sequence of bytes counts as one.
  public let characterCount: Int
  /// What the model said the text costs on this reading, in bits: Σ −log₂ p, with what is spelled out.
  public let modelBits: Double
  /// Whether the original is in the file as it was, because the model would have made it longer.
  public let isStored: Bool
  /// Characters that the model does not know and that were spelled out one by one.
  public let unknownCharacterCount: Int
  /// Bytes that were spelled out because they are no text, or text with hardly a known character.
  public let rawByteCount: Int
  /// Stretches that were read side by side, each from a state that knows nothing.
  public let stretchCount: Int

  /// Bits of the file for each byte of the original; nil of an empty one.
  public var bitsPerByte: Double? { quotient(8 * compressedByteCount, by: originalByteCount) }
  /// Bits of the file for each character of the original; nil of an empty one.
  public var bitsPerCharacter: Double? { quotient(8 * compressedByteCount, by: characterCount) }
  /// Bytes of the original for each of the file.
  public var ratio: Double { Double(originalByteCount) / Double(compressedByteCount) }
  /// What the model said, in bits per byte of the original; nil of an empty one.
  public var modelBitsPerByte: Double? {
    originalByteCount == 0 ? nil : modelBits / Double(originalByteCount)
  }
  /// What the model said, in bits per character; nil of an empty original.
  public var modelBitsPerCharacter: Double? {
    characterCount == 0 ? nil : modelBits / Double(characterCount)
  }

  private func quotient(_ bits: Int, by count: Int) -> Double? {
    count == 0 ? nil : Double(bits) / Double(count)
  }
}

extension CompressionSummary {
  /// The JSON of `textlm compress --format json`.
  public var json: JSONObject {
    [
      "original_bytes": JSONValue(originalByteCount),
      "compressed_bytes": JSONValue(compressedByteCount),
      "content_bytes": JSONValue(contentByteCount),
      "characters": JSONValue(characterCount),
      "ratio": JSONValue(ratio),
      "bits_per_byte": bitsPerByte.map { JSONValue($0) } ?? .null,
      "bits_per_character": bitsPerCharacter.map { JSONValue($0) } ?? .null,
      "model_bits": JSONValue(modelBits),
      "model_bits_per_byte": modelBitsPerByte.map { JSONValue($0) } ?? .null,
      "model_bits_per_character": modelBitsPerCharacter.map { JSONValue($0) } ?? .null,
      "stored": JSONValue(isStored),
      "unknown_characters": JSONValue(unknownCharacterCount),
      "raw_bytes": JSONValue(rawByteCount),
      "stretches": JSONValue(stretchCount),
    ]
  }
}
