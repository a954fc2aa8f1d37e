import TextLM
import TextLMTensors
import Testing

/// One way to change a state file whose checksums are valid again afterwards.
struct StateDamage: Sendable, CustomTestStringConvertible {
  let name: String
  var isHarmless = false
  let apply: @Sendable (inout StoredTensors) -> Void

  var testDescription: String { name }

  static let all: [StateDamage] = numbers + missing + texts + tensors

  /// Values that no count may have, and those at the border.
  private static let numbers = ["step", "epoch", "window", "tokens", "evaluated_step"].flatMap {
    key in
    hostileValues.filter { $0 != .integer(0) }.map { value in
      // Without a count of evaluations the model is measured again; a step that was never reached
      // is no reason to refuse, nor is a large number where nothing depends on it.
      StateDamage(
        name: "\(key) \(value)",
        isHarmless: (key == "evaluated_step" && value == .null)
          || (key != "window" && value == .integer(1 << 31))
      ) { try? $0.set("progress", [key], to: value) }
    }
  }

  private static let missing = ["run", "corpus", "tokenizer", "progress", "format"].map { key in
    StateDamage(name: "no \(key)") { $0[key] = nil }
  }

  private static let texts: [StateDamage] = [
    StateDamage(name: "newer") { $0["format_version"] = "2" },
    StateDamage(name: "version 0") { $0["format_version"] = "0" },
    StateDamage(name: "a model") { $0["format"] = "textlm" },
    StateDamage(name: "no JSON") { $0["run"] = "{" },
    StateDamage(name: "normalizer") { try? $0.set("run", ["normalizer"], to: "nfq") },
    StateDamage(name: "unit") { try? $0.set("run", ["unit"], to: "syllable") },
    StateDamage(name: "schedule") { try? $0.set("run", ["schedule"], to: "square") },
    StateDamage(name: "precision") { try? $0.set("run", ["precision"], to: "float8") },
    StateDamage(name: "split") { try? $0.set("run", ["split", "kind"], to: "middle") },
    StateDamage(name: "fraction") { try? $0.set("run", ["split", "fraction"], to: -0.5) },
    StateDamage(name: "batch") { try? $0.set("run", ["batch_size"], to: 0) },
    StateDamage(name: "interval") { try? $0.set("run", ["save_interval"], to: 0) },
    StateDamage(name: "warm-up", isHarmless: true) {
      try? $0.set("run", ["warmup_steps"], to: .integer(.max))
    },
    StateDamage(name: "architecture") { try? $0.set("run", ["config", "architecture"], to: "x") },
    StateDamage(name: "task") { try? $0.set("run", ["config", "task"], to: "classify") },
    StateDamage(name: "units") { try? $0.set("tokenizer", ["units"], to: ["a", "a"]) },
    StateDamage(name: "another width") {
      try? $0.set("run", ["config", "hyperparameters", "hidden_size"], to: 9)
    },
  ]

  private static let tensors: [StateDamage] = [
    StateDamage(name: "no weight") { $0.tensors.removeAll { $0.name == "weights.head.bias" } },
    StateDamage(name: "no moment") {
      $0.tensors.removeAll { $0.name == "first_moment.head.bias" }
    },
    StateDamage(name: "no carried state") { $0.tensors.removeAll { $0.name == "state.0" } },
    StateDamage(name: "shape") { $0.change("state.0") { $0.shape = [$0.floats.count] } },
    StateDamage(name: "NaN") { $0.change("second_moment.head.bias") { $0.floats[0] = .nan } },
    StateDamage(name: "half precision") {
      $0.tensors.removeAll { $0.name == "weights.head.bias" }
      $0.others.append(("weights.head.bias", [3], .float16))
    },
    StateDamage(name: "an empty tensor", isHarmless: true) {
      $0.others.append(("more", [0, 1 << 40], .float32))
    },
  ]

  /// What a value in a file may be instead of the number that is expected.
  static let hostileValues: [JSONValue] = [
    .integer(0), .integer(-1), .integer(1 << 31), .integer(.max), .unsigned(.max), .number(1.5),
    .number(1e300), .string("x"), .null, .bool(true), .array([]), .object([:]),
  ]
}
