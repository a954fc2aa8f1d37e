import Foundation
import TextLM
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Stored classifiers of n-grams")
struct NGramClassifierStorageTests {
  private static func labels(
    _ kind: LabelKind = .single, count: Int = 2
  ) throws -> LabelSet {
    try LabelSet(kind: kind, names: (0..<count).map(String.init))
  }

  private static func read(
    _ entries: [SafetensorsEntry], labels: LabelSet
  ) throws -> NGramClassifier {
    var bytes: [UInt8] = []
    try SafetensorsWriter(entries).write(to: &bytes)
    return try NGramClassifier(
      SafetensorsFile(reading: bytes, checksums: .required),
      configuration: NGramFeatureConfiguration(), labels: labels)
  }

  private static func entries(
    keys: [UInt64], weights: [Float], biases: [Float], rows: Int? = nil
  ) -> [SafetensorsEntry] {
    [
      SafetensorsEntry(name: "features.keys", shape: [keys.count], uint64s: keys),
      SafetensorsEntry(
        name: "features.weights", shape: [rows ?? keys.count, biases.count], floats: weights),
      SafetensorsEntry(name: "biases", shape: [biases.count], floats: biases),
    ]
  }

  @Test("What is read is what was written, bit for bit", arguments: [2, 3])
  func roundTrip(classCount: Int) throws {
    let texts = ["red and round", "blue, square", "blé vert", "red square", "字 round", "blue"]
    let labels = try Self.labels(count: classCount)
    let model = try NGramClassifier(
      training: texts, truth: texts.indices.map { [$0 % classCount] }, labels: labels,
      configuration: NGramFeatureConfiguration(), seed: 2)
    let read = try Self.read(model.safetensorsEntries, labels: labels)
    #expect(read.featureCounts == model.featureCounts)
    #expect(read.parameterCount == model.parameterCount)
    for text in texts + ["", "rounder reds", "字字"] {
      #expect(
        read.logits(of: text).map(\.bitPattern) == model.logits(of: text).map(\.bitPattern))
      #expect(read.contributions(of: text, to: 1) == model.contributions(of: text, to: 1))
    }
    var (first, second): ([UInt8], [UInt8]) = ([], [])
    try SafetensorsWriter(model.safetensorsEntries).write(to: &first)
    try SafetensorsWriter(read.safetensorsEntries).write(to: &second)
    #expect(first == second)
  }

  /// Without features, the logits are the biases.
  @Test("What logits say of classes, by hand")
  func probabilities() throws {
    func found(_ kind: LabelKind, _ count: Int, _ biases: [Double]) throws -> [Double] {
      try Self.read(
        Self.entries(keys: [], weights: [], biases: biases.map(Float.init)),
        labels: Self.labels(kind, count: count)
      ).probabilities(of: "")
    }
    try expectClose(found(.single, 2, [log(3)]), [0.25, 0.75], tolerance: 1e-6, "two classes")
    // 1/2, 3/4 and 9/10 against the rest, which are 2.15 together.
    try expectClose(
      found(.single, 3, [0, log(3), log(9)]), [0.5 / 2.15, 0.75 / 2.15, 0.9 / 2.15],
      tolerance: 1e-6, "one against the rest")
    try expectClose(found(.single, 3, [1e4, 0, -1e4]), [2 / 3, 1 / 3, 0], tolerance: 1e-6, "far")
    try expectClose(
      found(.single, 3, [-1e4, -1e4, -2e4]), [0.5, 0.5, 0], tolerance: 1e-6, "all impossible")
    try expectClose(found(.multiple, 2, [0, log(3)]), [0.5, 0.75], tolerance: 1e-6, "labels")
    // Above the first with 3/4, above the second with 1/4.
    try expectClose(
      found(.ordinal, 3, [log(3), -log(3)]), [0.25, 0.5, 0.25], tolerance: 1e-6, "ordinal")
    // Above the second can be no likelier than above the first.
    try expectClose(
      found(.ordinal, 3, [-log(3), log(3)]), [0.75, 0, 0.25], tolerance: 1e-6, "crossed")
  }

  @Test("Files that are none are refused")
  func refusals() throws {
    let labels = try Self.labels()
    func problem(_ entries: [SafetensorsEntry]) -> String? {
      do {
        _ = try Self.read(entries, labels: labels)
        return nil
      } catch { return "\(error)" }
    }
    let good = Self.entries(keys: [1, 5], weights: [1, 2], biases: [0])
    #expect(problem(good) == nil)
    for entry in good { #expect(problem(good.filter { $0.name != entry.name }) != nil) }
    let bad: [(entries: [SafetensorsEntry], problem: String)] = [
      (Self.entries(keys: [5, 1], weights: [1, 2], biases: [0]), "ascending"),
      (Self.entries(keys: [5, 5], weights: [1, 2], biases: [0]), "ascending"),
      (Self.entries(keys: [1, 3 << 62], weights: [1, 2], biases: [0]), "no block"),
      (Self.entries(keys: [1, 5], weights: [1, .nan], biases: [0]), "number that is none"),
      (Self.entries(keys: [1, 5], weights: [1, 2], biases: [.infinity]), "number that is none"),
      (Self.entries(keys: [1, 5], weights: [1, 2, 3], biases: [0], rows: 3), "features.weights"),
      (Self.entries(keys: [1, 5], weights: [1, 2, 3, 4], biases: [0, 1]), "biases"),
    ]
    for (entries, expected) in bad {
      #expect(problem(entries)?.contains(expected) == true, "\(expected)")
    }
    let single = try Self.labels(count: 1)
    #expect(throws: NGramClassifierError.tooFewLabels(count: 1)) {
      try Self.read(good, labels: single)
    }
  }

  /// Keys that all have the same upper bits, as only a person would choose them.
  @Test("Keys that are close together are found as fast")
  func closeKeys() throws {
    let count = 200_000
    let model = try Self.read(
      Self.entries(
        keys: (0..<UInt64(count)).map { $0 }, weights: [Float](repeating: 1, count: count),
        biases: [0]), labels: Self.labels())
    #expect(model.featureCounts == [count, 0, 0])
    #expect(model.logits(of: String(repeating: "good plot ", count: 1_000)) == [0])
  }

  @Test("A configuration is read as it was written")
  func configuration() throws {
    let configuration = try NGramFeatureConfiguration(
      characterLengths: 3...5, wordLength: 1, pairDistance: 0)
    let read = try NGramFeatureConfiguration(JSONField(configuration.json, path: "config"))
    #expect(read == configuration)
    for text in [
      #"{"characters": [2, 6], "words": 2}"#, #"{"characters": [6, 2], "words": 2, "pairs": 4}"#,
      #"{"characters": [2], "words": 2, "pairs": 4}"#,
      #"{"characters": [0, 6], "words": 2, "pairs": 4}"#,
      #"{"characters": [2, 6], "words": 2, "pairs": 1000000}"#,
      #"{"characters": [2, 6], "words": 2, "pairs": 4, "more": 1}"#,
    ] {
      #expect(throws: (any Error).self, "\(text)") {
        try NGramFeatureConfiguration(JSONField(JSONValue(parsing: text), path: "config"))
      }
    }
    for make in [
      { try NGramFeatureConfiguration(characterLengths: 2...13) },
      { try NGramFeatureConfiguration(wordLength: -1) },
      { try NGramFeatureConfiguration(dataWeights: []) },
      { try NGramFeatureConfiguration(dataWeights: [0]) },
      { try NGramFeatureConfiguration(featureLimit: 0) },
      { try NGramFeatureConfiguration(foldCount: 1) },
    ] as [() throws -> NGramFeatureConfiguration] {
      #expect(throws: NGramClassifierError.self) { try make() }
    }
  }
}
