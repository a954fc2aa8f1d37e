extension SafetensorsError: CustomStringConvertible {
  /// What is wrong, with both numbers, and what to do about it.
  public var description: String {
    switch self {
    case .truncated(let expected, let found):
      "the file ends at byte \(found) and should have \(expected) bytes; "
        + "it was cut off: copy it again or use an earlier one"
    case .trailingBytes(let expected, let found):
      "the file has \(found) bytes and its tensors end at byte \(expected); it is damaged"
    case .headerTooLarge(let byteCount, let limit):
      "the header would have \(byteCount) bytes, at most \(limit) are read; "
        + "this is probably not a safetensors file"
    case .header(let error):
      "the header is damaged, or this is not a safetensors file: \(error)"
    case .field(let error):
      "the header is damaged: \(error)"
    case .tooManyTensors(let count, let limit):
      "\(count) tensors, at most \(limit) are allowed"
    case .nameTooLong(let byteCount, let limit):
      "a tensor's name has \(byteCount) bytes, at most \(limit) are allowed"
    case .tooManyDimensions(let name, let count, let limit):
      "tensor \(quotedForMessage(name)) has \(count) dimensions, at most \(limit) are allowed"
    case .unknownDType(let name, let dtype):
      "tensor \(quotedForMessage(name)) has the unknown type \(quotedForMessage(dtype))"
    case .impossibleShape(let name, let dtype, let shape):
      "tensor \(quotedForMessage(name)): \(dtype.rawValue) \(shape) is no possible size"
    case .sizeMismatch(let name, let expected, let found):
      "tensor \(quotedForMessage(name)): its shape takes \(expected) bytes, "
        + "its data has \(found)"
    case .notContiguous(let name, let expected, let found):
      "tensor \(quotedForMessage(name)) begins at byte \(found) of the data, "
        + "expected \(expected)"
    case .missingTensor(let name):
      "there is no tensor \(quotedForMessage(name))"
    case .wrongDType(let name, let expected, let found):
      "tensor \(quotedForMessage(name)) is \(found.rawValue), expected \(expected.rawValue); "
        + "convert it first"
    case .wrongShape(let name, let expected, let found):
      "tensor \(quotedForMessage(name)) has shape \(found), expected \(expected)"
    case .missingChecksum(let key):
      "the metadata has no \(quotedForMessage(key)); the file was not written by textlm"
    case .checksumMismatch(let key, let expected, let found):
      "the \(quotedForMessage(key)) is \(quotedForMessage(expected)) and the content has "
        + "\(quotedForMessage(found)); the file is damaged: use an earlier one"
    case .nameTaken(let name):
      "the name \(quotedForMessage(name)) is used twice or reserved"
    }
  }
}
