import Foundation
import TextLM
import TextLMTensors
import Testing

@Suite("Model files")
struct ModelFileTests {
  private static let place = "run/model.safetensors"

  /// A folder with the model that a short training leaves.
  private func trained(_ name: String = "lstm") throws -> StorageTestFolder {
    let folder = try StorageTestFolder()
    let settings = try SmallRuns.settings(name, size: 3, steps: 4)
    try SmallRuns.train(settings, in: folder.path("run"))
    return folder
  }

  /// The error of reading a changed model, which must be one of ours and name the file.
  private func refusal(
    _ path: String, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
  ) -> any Error {
    do {
      _ = try TextModel(contentsOf: path)
      Issue.record("\(what): accepted", sourceLocation: sourceLocation)
      return CancellationError()
    } catch {
      let isOurs = error is ModelError || error is StorageError
      #expect(isOurs, "\(what): \(type(of: error))", sourceLocation: sourceLocation)
      #expect("\(error)".contains(path), "\(what): \(error)", sourceLocation: sourceLocation)
      return error
    }
  }

  @Test(
    "A model is the same after reading, from its file or its folder", arguments: SmallModels.names)
  func roundTrip(name: String) throws {
    let folder = try trained(name)
    let path = folder.path(Self.place)
    let state = try StoredTensors(folder.path("run/state.safetensors"))
    let (fromFile, fromFolder) = (
      try TextModel(contentsOf: path), try TextModel(contentsOf: folder.path("run"))
    )
    #expect(fromFile.configuration.json == fromFolder.configuration.json)
    #expect(fromFile.tokenizer == fromFolder.tokenizer)
    #expect(fromFile.warnings.isEmpty)
    // The last evaluation was the best, so the state has the same weights.
    for parameter in fromFile.languageModel.parameters {
      let stored = try #require(
        state.tensors.first { $0.name == "weights.\(parameter.path)" })
      #expect(stored.shape == parameter.shape.dimensions && stored.floats == parameter.value.array)
    }
    let configuration = try #require(fromFile.configuration.neural)
    let count = configuration.parameterCount(
      vocabularySize: fromFile.tokenizer.vocabulary.count)
    #expect(fromFile.parameterCount == count)
  }

  @Test("The file has PyTorch's names and shapes")
  func names() throws {
    let folder = try trained()
    let stored = try StoredTensors(folder.path(Self.place))
    let shapes = Dictionary(uniqueKeysWithValues: stored.tensors.map { ($0.name, $0.shape) })
    let count = try #require(shapes["head.bias"]?[0])
    #expect(
      shapes == [
        "embedding.weight": [count, 6], "head.weight": [count, 3], "head.bias": [count],
        "rnn.weight_ih_l0": [12, 6], "rnn.weight_hh_l0": [12, 3], "rnn.bias_ih_l0": [12],
        "rnn.bias_hh_l0": [12], "rnn.weight_ih_l1": [12, 3], "rnn.weight_hh_l1": [12, 3],
        "rnn.bias_ih_l1": [12], "rnn.bias_hh_l1": [12],
      ])
    #expect(
      stored.metadata.map(\.key) == ["format", "format_version", "config", "tokenizer", "training"])
  }

  @Test("A file cut off anywhere is refused")
  func truncation() throws {
    let folder = try trained()
    let path = folder.path(Self.place)
    let bytes = try FileReader.bytes(at: path, atMost: 1 << 24)
    let cut = folder.path("cut.safetensors")
    for count in Array(0..<64) + Array(stride(from: 64, to: bytes.count, by: 13)) + [
      bytes.count - 1
    ] {
      try Data(bytes[..<count]).write(to: URL(fileURLWithPath: cut))
      _ = refusal(cut, "\(count) of \(bytes.count) bytes")
    }
    try Data(bytes + [0]).write(to: URL(fileURLWithPath: cut))
    _ = refusal(cut, "a byte more")
  }

  @Test("A flipped bit anywhere is noticed")
  func bitFlips() throws {
    let folder = try trained()
    let path = folder.path(Self.place)
    var bytes = try FileReader.bytes(at: path, atMost: 1 << 24)
    let flipped = folder.path("flipped.safetensors")
    var random = RandomSource(seed: 1)
    for place in Array(0..<64) + Array(stride(from: 64, to: bytes.count, by: 5)) {
      let mask = UInt8(1) << UInt8(random.nextInt(below: 8))
      bytes[place] ^= mask
      try Data(bytes).write(to: URL(fileURLWithPath: flipped))
      _ = refusal(flipped, "bit \(mask) of byte \(place)")
      bytes[place] ^= mask
    }
  }

  @Test("Files of other kinds are refused with what they are")
  func foreignFiles() throws {
    let folder = try trained()
    let path = folder.path(Self.place)
    for content in ["", "To be, or not to be", "PK\u{3}\u{4}archive/data.pkl", "GGUF\u{3}\0\0\0"] {
      try folder.write(content, to: "foreign")
      _ = refusal(folder.path("foreign"), content)
    }
    // A safetensors file of another program has no checksums, with or without metadata.
    let header = #"{"weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init)
    try Data(length + Array(header.utf8) + [0, 0, 0, 0])
      .write(to: URL(fileURLWithPath: folder.path("foreign")))
    #expect("\(refusal(folder.path("foreign"), "foreign"))".contains("but not a textlm model"))

    var stored = try StoredTensors(path)
    for key in ["format", "config", "tokenizer", "training"] {
      var other = stored
      other[key] = nil
      try other.write(to: path)
      #expect(refusal(path, key) as? ModelError == .foreign(path: path, missing: key))
    }
    stored["format"] = "textlm-state"
    try stored.write(to: path)
    #expect(refusal(path, "a state") as? ModelError == .foreign(path: path, missing: "format"))
    #expect(throws: StorageError.missing(path: folder.path + "/model.safetensors")) {
      try TextModel(contentsOf: folder.path)
    }
    #expect(throws: StorageError.missing(path: folder.path("none"))) {
      try TextModel(contentsOf: folder.path("none"))
    }
  }

  @Test func formatVersions() throws {
    let folder = try trained()
    let path = folder.path(Self.place)
    var stored = try StoredTensors(path)
    for version in [2, 1000] {
      stored["format_version"] = "\(version)"
      try stored.write(to: path)
      let error = refusal(path, "newer") as? ModelError
      #expect(error == .newerFormat(path: path, version: version, known: 1))
      #expect(error?.description.contains("newer textlm") == true)
    }
    // A newer format may have another rule for checksums, or none.
    let rule = Data("sha256:".utf8)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    while let place = bytes.range(of: rule) {
      bytes.replaceSubrange(place, with: Data("blake2:".utf8))
    }
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(
      refusal(path, "another rule") as? ModelError
        == .newerFormat(path: path, version: 1000, known: 1))
    for version in ["0", "-1", "1.0", "x", "", "99999999999999999999"] {
      stored["format_version"] = version
      try stored.write(to: path)
      guard case ModelError.metadata? = refusal(path, version) as? ModelError else {
        Issue.record("version \(version)")
        continue
      }
    }
  }

  @Test("Each tensor must be there, with its shape, and finite")
  func tensors() throws {
    let folder = try trained()
    let path = folder.path(Self.place)
    let stored = try StoredTensors(path)
    func expect(
      _ what: String, _ body: (inout StoredTensors) -> Void, _ isRight: (ModelError) -> Bool
    ) throws {
      var changed = stored
      body(&changed)
      try changed.write(to: path)
      let error = refusal(path, what)
      #expect((error as? ModelError).map(isRight) == true, "\(what): \(error)")
    }
    func isAboutTensors(_ error: ModelError) -> Bool {
      if case .tensors = error { return true }
      return false
    }
    for (name, shape, floats) in stored.tensors {
      try expect("no \(name)", { $0.tensors.removeAll { $0.name == name } }, isAboutTensors)
      try expect(
        "\(name) flat", { $0.change(name) { $0.shape = [1, floats.count] } }, isAboutTensors)
      try expect(
        "\(name) one longer",
        { $0.change(name) { ($0.shape, $0.floats) = ([floats.count + 1], floats + [0]) } },
        isAboutTensors)
      try expect(
        "\(name) in half precision",
        {
          $0.tensors.removeAll { $0.name == name }
          $0.others.append((name, shape, .float16))
        }, isAboutTensors)
      for value in [Float.nan, .infinity, -.infinity] {
        try expect("\(name) \(value)", { $0.change(name) { $0.floats[floats.count - 1] = value } })
        {
          $0 == .notFinite(path: path, name: name)
        }
      }
    }
    try expect("another tensor", { $0.tensors.append(("more", [1], [0])) }) {
      $0 == .unexpectedTensor(path: path, name: "more")
    }
    try expect("no values", { $0.others.append(("more", [0, 1 << 40], .float32)) }) {
      $0 == .unexpectedTensor(path: path, name: "more")
    }
  }

  @Test("A file of other Unicode tables is read with a warning")
  func otherTables() throws {
    let folder = try trained()
    let path = folder.path(Self.place)
    var stored = try StoredTensors(path)
    try stored.set("tokenizer", ["unicode_version"], to: "99.0")
    try stored.write(to: path)
    let warnings = try TextModel(contentsOf: path).warnings
    #expect(warnings.count == 1 && warnings[0].contains("99.0"))
  }

  private static let keys: [(String, [String])] =
    ["task", "architecture", "hyperparameters", "embedding_size", "tied", "more"]
    .map { ("config", [$0]) }
    + LSTMArchitecture.hyperparameters.map { ("config", ["hyperparameters", $0.name]) }
    + [("config", ["hyperparameters", "more"])]
    + ["normalizer", "unit", "icu_version", "byte_fallback", "units", "counts", "more"]
    .map { ("tokenizer", [$0]) }

  @Test("Hostile values in any place are refused, and nothing is built", arguments: keys)
  func hostileValues(key: String, place: [String]) throws {
    let folder = try trained()
    let path = folder.path(Self.place)
    let stored = try StoredTensors(path)
    let sizes: [JSONValue] = [1, 2, 64, 65, 16384, 16385, 2.0, -0.5, 0.5, ["a", "a"], [""], [-1]]
    for value in (StateDamage.hostileValues + sizes).map(Optional.some) + [nil] {
      var changed = stored
      try changed.set(key, place, to: value)
      try changed.write(to: path)
      let what = "\(key).\(place.joined(separator: ".")) = \(value.map { "\($0)" } ?? "nothing")"
      do {
        let model = try TextModel(contentsOf: path)
        // What is accepted must have been taken as it is, or have been optional.
        if let value {
          let kept = try Self.value(at: place, of: key, in: model)
          #expect(kept == value || isAlike(kept, value), "\(what) became \(kept)")
        }
      } catch {
        let isOurs = error is ModelError || error is StorageError
        #expect(isOurs, "\(what): \(type(of: error)) \(error)")
        // It may list all architectures, but repeats no value of any length.
        #expect("\(error)".count < 3000, "\(what): a message of \("\(error)".count) characters")
      }
    }
  }

  /// What a model that was read would write again.
  private static func value(
    at place: [String], of key: String, in model: TextModel
  ) throws -> JSONValue {
    guard key == "config" else {
      return place == ["icu_version"] ? .string(UnicodeTables.icuVersion) : .null
    }
    return try place.reduce(JSONField(model.configuration.json, path: key)) {
      try $0.field($1)
    }.value
  }

  /// A rate may be written as a whole number; versions of tables are free text.
  private func isAlike(_ kept: JSONValue, _ value: JSONValue) -> Bool {
    switch (kept, value) {
    case (.number(let rate), .integer(let whole)): rate == Double(whole)
    case (.string, .string): true
    default: false
    }
  }
}
