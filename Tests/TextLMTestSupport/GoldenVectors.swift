import Foundation

/// Numbers computed by PyTorch in float64 from tensors filled as `fill` does:
/// `../shared/golden/oracles.json`, made by `oracles.py` beside it.
public enum GoldenVectors {
  /// Whether the file is there.
  public static var arePresent: Bool { SharedData.has(path) }
  private static let path = "golden/oracles.json"

  /// The entry called `name`, decoded as `type`.
  public static func read<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: SharedData.url(path)))
    guard let entry = (object as? [String: Any])?[name] else {
      throw CocoaError(.keyValueValidation, userInfo: [NSLocalizedDescriptionKey: name])
    }
    return try JSONDecoder().decode(type, from: JSONSerialization.data(withJSONObject: entry))
  }
}
