/// The file `copy-index.safetensors` beside a model: the index of the text that it was trained on.
///
/// A safetensors file: the length of the header in 8 bytes, the lowest first; the header, which is
/// JSON and spaces up to a multiple of 64 bytes; and the tensors without gaps, each of int32 with the
/// lowest byte first. By their names, of S states and E edges:
///
/// - `edges.targets` [E], the state that each edge leads to;
/// - `edges.tokens` [E], the token of each edge, which ascends within a state;
/// - `states.edges` [S + 1], where the edges of each state begin, and E;
/// - `states.lengths` [S], of each state the tokens of its longest sequence;
/// - `states.links` [S], of each state that of the longest sequence at its end that occurs elsewhere
///   too, and −1 of state 0, which is the empty sequence.
///
/// In the header's `__metadata__` are `format`, which is `textlm-copy-index`; `format_version`, a whole
/// number; `tokens`, how many tokens the text has; `tokenizer`, the SHA-256 of the tokenizer and of the
/// reading direction that made them, as 64 hexadecimal digits; and the checksums `checksum` and
/// `header_checksum` of every file that textlm writes, `sha256:` and 64 digits. Of English prose the
/// file has 36 bytes for each character, 60 at most. It is read whole.
extension CopyIndex {
  /// The name of the file in a run's folder.
  public static let fileName = "copy-index.safetensors"
  /// The newest format that is read, and the one that is written.
  static let formatVersion = 1
  private static let format = "textlm-copy-index"

  /// Where the index of a model is: beside its file, which `path` is or has in it.
  package static func path(besideModelAt path: String) throws(StorageError) -> String {
    let file = try ModelFile.path(of: path)
    guard let slash = file.utf8.lastIndex(of: UInt8(ascii: "/")) else { return fileName }
    return String(file[..<file.utf8.index(after: slash)]) + fileName
  }

  /// The digest of all that decides which tokens a text has, and in what order.
  static func tokenizerDigest(
    _ tokenizer: Tokenizer, _ direction: ReadingDirection
  ) throws -> String {
    var description = tokenizer.description
    // Those of this process, of whichever the model was made with.
    (description.icuVersion, description.unicodeVersion) = ("", "")
    let json: JSONValue = [
      "tokenizer": description.json, "direction": JSONValue(direction.rawValue),
    ]
    var hash = SHA256()
    hash.update(try json.serialized())
    return hash.hexDigest
  }

  /// Writes the index, whole or not at all.
  package func write(to path: String, tokenizerDigest: String) throws {
    let entries = tensors.map {
      SafetensorsEntry(name: $0.name, shape: [$0.numbers.count], int32s: $0.numbers)
    }
    let metadata = [
      ("format", Self.format), ("format_version", "\(Self.formatVersion)"),
      ("tokens", "\(tokenCount)"), ("tokenizer", tokenizerDigest),
    ]
    try SafetensorsWriter(entries, metadata: metadata).write(to: path)
  }

  private var tensors: [(name: String, numbers: [Int32])] {
    [
      ("edges.targets", edgeTargets), ("edges.tokens", edgeTokens), ("states.edges", edgeStarts),
      ("states.lengths", lengths), ("states.links", links),
    ]
  }

  /// Reads an index, and checks that its numbers can be those of one, whatever they come from.
  ///
  /// Throws `CopyIndexError`, and `StorageError` for a file that cannot be read.
  package init(
    contentsOf path: String, tokenizerDigest: String, vocabularySize: Int
  ) throws {
    do {
      let file = try SafetensorsFile(contentsOf: path, checksums: .required)
      let tokenCount = try Self.tokenCount(of: file, path: path, tokenizerDigest)
      let lengths = try file.int32s("states.lengths")
      self.init(
        tokenCount: tokenCount, lengths: lengths,
        links: try file.int32s("states.links", shape: [lengths.count]),
        edgeStarts: try file.int32s("states.edges", shape: [lengths.count + 1]),
        edgeTokens: try file.int32s("edges.tokens"),
        edgeTargets: try file.int32s("edges.targets"))
    } catch StorageError.missing {
      throw CopyIndexError.missing(path: path)
    } catch StorageError.safetensors(_, let error) {
      throw CopyIndexError.damaged(path: path, problem: "\(error)")
    } catch let error as SafetensorsError {
      throw CopyIndexError.damaged(path: path, problem: "\(error)")
    }
    if let problem = problem(vocabularySize: vocabularySize) {
      throw CopyIndexError.damaged(path: path, problem: problem)
    }
  }

  /// Checks the metadata.
  private static func tokenCount(
    of file: SafetensorsFile, path: String, _ tokenizerDigest: String
  ) throws(CopyIndexError) -> Int {
    func isEqual(_ key: String, _ text: String) -> Bool {
      file.metadata(key)?.utf8.elementsEqual(text.utf8) == true
    }
    guard isEqual("format", format), let count = file.metadata("tokens").flatMap({ Int($0) }),
      let version = file.metadata("format_version").flatMap({ Int($0) }), version > 0, count >= 0
    else { throw .damaged(path: path, problem: "its metadata is not that of an index") }
    guard version <= formatVersion else {
      throw .newerFormat(path: path, version: version, known: formatVersion)
    }
    guard isEqual("tokenizer", tokenizerDigest) else { throw .otherTokenizer(path: path) }
    return count
  }

  /// What is wrong with numbers by which no text could be followed, or not to an end; nil where they
  /// can be.
  private func problem(vocabularySize: Int) -> String? {
    let (states, edges) = (lengths.indices, edgeTokens.indices)
    guard lengths.first == 0, links.first == Self.none else { return "it has no state to begin in" }
    guard edgeTargets.count == edges.count, edgeStarts.first == 0,
      edgeStarts.last.map(Int.init) == edges.count,
      zip(edgeStarts, edgeStarts.dropFirst()).allSatisfy({ $0 <= $1 })
    else { return "its states do not divide its \(edges.count) edges" }
    for state in states.dropFirst() {
      let link = Int(links[state])
      guard states.contains(link), lengths[link] < lengths[state] else {
        return "state \(state) is linked to one that is not shorter"
      }
    }
    for state in states {
      var last = Int32(-1)
      for edge in Int(edgeStarts[state])..<Int(edgeStarts[state + 1]) {
        let (token, target) = (edgeTokens[edge], Int(edgeTargets[edge]))
        guard token > last, token < vocabularySize, states.contains(target),
          lengths[target] > lengths[state]
        else { return "edge \(edge) leads nowhere, or its token is none of the vocabulary" }
        last = token
      }
    }
    return nil
  }
}
