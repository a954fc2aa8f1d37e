/// The `tokenizer.json` of Hugging Face's library `tokenizers`, with the token numbers of ours.
///
/// Three of its models can do what ours do, number for number:
/// - code points without byte tokens: `WordLevel` behind a splitter of single characters;
/// - code points with byte tokens: `BPE` without merges, `byte_fallback`;
/// - bytes: `BPE` without merges behind the alphabet of `ByteLevel`.
///
/// The boundary and `<unk>` are entries like any other and no "added tokens", which that library
/// would look for in the text itself. Graphemes and words are not offered: it cuts them by other
/// tables, and cannot spell what it does not know.
public enum TokenizerFile {
  /// What the boundary is called; no text is taken for it.
  static let boundaryName = "<boundary>"
  /// What the unknown unit is called; no text is taken for it.
  static let unknownName = "<unk>"
  /// Room for a vocabulary of all scalars.
  static let limits = JSONLimits(byteCount: 64 << 20, valueCount: 1 << 21)

  /// What byte tokens are called beside code points.
  static func byteName(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "<0x\(digits.utf8.count < 2 ? "0" : "")\(digits)>"
  }

  /// The characters that stand for the bytes 0 to 255 in `ByteLevel`: printable bytes for
  /// themselves, the others from U+0100 on.
  static let byteAlphabet: [String] = {
    var next = UInt32(0x100)
    return (UInt8(0)...255).map { byte in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return String(Unicode.Scalar(byte))
      default:
        defer { next += 1 }
        return Unicode.Scalar(next).map { String($0) } ?? ""
      }
    }
  }()

  /// The parts of the file beside its vocabulary.
  enum Shape {
    case characters, charactersAndBytes, bytes

    /// What the tokens of text are called, in the order of their numbers.
    func names(_ units: [String]) -> [String] {
      switch self {
      case .characters: units
      case .charactersAndBytes: units + (UInt8(0)...255).map(TokenizerFile.byteName)
      case .bytes: TokenizerFile.byteAlphabet
      }
    }

    var preTokenizer: JSONValue {
      switch self {
      case .characters:
        [
          "type": "Split", "pattern": ["Regex": "[\\s\\S]"], "behavior": "Isolated",
          "invert": false,
        ]
      case .charactersAndBytes: .null
      case .bytes: Self.byteLevel
      }
    }

    var decoder: JSONValue {
      switch self {
      case .characters: ["type": "Fuse"]
      case .charactersAndBytes:
        ["type": "Sequence", "decoders": [["type": "ByteFallback"], ["type": "Fuse"]]]
      case .bytes: Self.byteLevel
      }
    }

    func model(_ vocabulary: JSONValue) -> JSONValue {
      switch self {
      case .characters:
        [
          "type": "WordLevel", "vocab": vocabulary,
          "unk_token": JSONValue(TokenizerFile.unknownName),
        ]
      case .charactersAndBytes, .bytes:
        [
          "type": "BPE", "dropout": .null, "unk_token": .null,
          "continuing_subword_prefix": .null, "end_of_word_suffix": .null, "fuse_unk": false,
          "byte_fallback": JSONValue(self == .charactersAndBytes), "ignore_merges": false,
          "vocab": vocabulary, "merges": [],
        ]
      }
    }

    private static let byteLevel: JSONValue = [
      "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false,
    ]
  }

  /// The names of the normalizations that both know.
  static let normalizers: [(ours: Normalizer, theirs: JSONValue)] = [
    (.none, .null), (.nfc, ["type": "NFC"]), (.nfd, ["type": "NFD"]), (.nfkc, ["type": "NFKC"]),
  ]
}

/// A tokenizer that the other side's format cannot express, or a file that says nothing to us.
public enum TokenizerFileError: Error, Equatable {
  /// Something that Hugging Face's library has no equal for.
  case inexpressible(what: String)
  /// A file that is no tokenizer as `textlm vocab --export` writes it.
  case foreign(path: String, problem: String)
}

extension TokenizerFileError: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .inexpressible(let what):
      "tokenizer.json cannot express \(what) so that the tokens are the same: export a tokenizer of "
        + "code points or bytes, with the normalization none, nfc, nfd or nfkc and no other "
        + "preparation"
    case .foreign(let path, let problem):
      "\(path): not a tokenizer of textlm (\(problem)): give a model, or a file that "
        + "`textlm vocab --export` wrote"
    }
  }
}
