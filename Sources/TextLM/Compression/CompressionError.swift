/// A compressed file that cannot be turned back into what it was.
public enum CompressionError: Error, Equatable {
  /// It is no compressed file of textlm.
  case foreign(source: String)
  /// A newer textlm made it, or one from before the format was changed.
  case otherFormat(source: String, isNewer: Bool)
  /// It was cut off or changed.
  case damaged(source: String, problem: String)
  /// Another model compressed it: the beginning of the SHA-256 of both models' tensors.
  case otherModel(source: String, needed: String, given: String)
  /// It was compressed with other instructions than are in use, whose sums are rounded elsewhere.
  case otherInstructions(source: String, needed: String, inUse: String)
  /// It is whole, but this program on this machine computes other probabilities than the one that made
  /// it.
  case otherProbabilities(source: String)
}

extension CompressionError: CustomStringConvertible {
  /// What is wrong with the file, and what to do about it.
  public var description: String {
    switch self {
    case .foreign(let source):
      "\(source): this is no file that `textlm compress` made: give the path of one"
    case .otherFormat(let source, let isNewer):
      "\(source): a textlm with \(isNewer ? "a newer" : "an older") format of compressed files made it: "
        + "decompress with that one"
    case .damaged(let source, let problem):
      "\(source): the file is damaged: \(problem); use a copy of it"
    case .otherModel(let source, let needed, let given):
      "\(source): was compressed with the model sha256:\(needed)..., but the model given is "
        + "sha256:\(given)...: give the other one with -m (`textlm inspect` shows a model's checksum)"
    case .otherInstructions(let source, let needed, let inUse):
      "\(source): was compressed with \(needed) instructions, but this process uses \(inUse), which "
        + "round differently: set TEXTLM_MAX_ISA to \(needed) where the processor has it, or decompress "
        + "where the file was made"
    case .otherProbabilities(let source):
      "\(source): the file is whole, but what comes out is not what went in: another version of textlm "
        + "or another kind of processor made it; decompress where the file was made"
    }
  }
}
