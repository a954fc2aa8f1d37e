/// Where a model looked while it read a text.
public struct MemoryView: Sendable {
  /// The text of each token read, in the order of reading: nothing of the boundary before the first.
  public let tokens: [String]
  /// For each reader, writer or attention head where it looked: [T, N] over the T tokens.
  public let maps: [MemoryMap]

  /// The maps as pictures, with the characters beside places that are steps of the text themselves.
  public var heatMaps: [HeatMap] {
    let names = tokens.map { $0.isEmpty ? "·" : TerminalText.sign(of: $0) }
    return maps.map { map in
      let (values, placeCount) = (map.weights.array, map.weights.shape[1])
      let isOverText = map.isOverSteps
      return HeatMap(
        title: map.name, axisName: "character read",
        rowName: isOverText ? "character looked at" : "slot",
        columns: (0..<map.weights.shape[0]).map {
          Array(values[$0 * placeCount..<($0 + 1) * placeCount])
        },
        columnNames: names, rowNames: isOverText ? names : [])
    }
  }

  /// The tokens, and of each map its name and its weights, a row for each step.
  public var json: JSONValue {
    let maps = self.maps.map { map -> JSONValue in
      let (values, count) = (map.weights.array, map.weights.shape[1])
      let rows = (0..<map.weights.shape[0]).map { step in
        JSONValue.array(
          values[step * count..<(step + 1) * count].map { JSONValue(Double($0)) })
      }
      return [
        "name": JSONValue(map.name), "over": JSONValue(map.isOverSteps ? "text" : "slots"),
        "weights": .array(rows),
      ]
    }
    return ["tokens": .array(tokens.map { JSONValue($0) }), "maps": .array(maps)]
  }
}

extension MemoryMap {
  /// Whether its places are the steps of the text: what lies ahead then has no weight at any step.
  var isOverSteps: Bool {
    let (steps, places) = (weights.shape[0], weights.shape[1])
    guard steps == places, steps > 1 else { return false }
    let values = weights.array
    return (0..<steps).allSatisfy { step in
      values[step * places + step + 1..<(step + 1) * places].allSatisfy { $0 == 0 }
    }
  }
}

extension TextModel {
  /// Where the model looks while it reads a text after the boundary, up to `tokenLimit` tokens of it: maps of
  /// attention grow with the square of the length.
  ///
  /// Throws `SeeingError.noMemory` for a model without attention and without external memory.
  public func memoryView(
    _ text: UTF8Text, tokenLimit: Int, registry: ArchitectureRegistry = .builtIn
  ) throws(SeeingError) -> MemoryView {
    let tokens =
      [Vocabulary.boundary]
      + configuration.direction.ordered(tokenizer.encode(text)).prefix(tokenLimit)
    guard let maps = (languageModel as? any MemoryShowing)?.memoryMaps(reading: tokens) else {
      throw .noMemory(
        architecture: configuration.architectureName, others: registry.namesWithMemory)
    }
    return MemoryView(tokens: tokens.map { tokenizer.text(of: $0) }, maps: maps)
  }
}

extension ArchitectureRegistry {
  /// Architectures whose encoders can show where they look.
  var namesWithMemory: [String] {
    all.filter { Self.hasMemory($0) }.map { $0.name }
  }

  private static func hasMemory<Kind: CausalArchitecture>(_ kind: Kind.Type) -> Bool {
    Kind.Encoder.self is any MemoryTracing.Type
  }
}
