/// A text as its features see it: its scalars without capitals, and where its words are.
///
/// A word is a run of letters, marks, digits and low lines; every other character but white space
/// stands for itself, as if it were a word.
struct FeatureText {
  /// The text in NFC, case folded.
  let scalars: [UInt32]
  /// The words, in order.
  let words: [Range<Int>]

  /// What is done to every text before its features are looked for.
  static let preparation: TextPreparation = {
    do {
      return try TextPreparation(preparationDescription)
    } catch {
      preconditionFailure("features: \(error)")
    }
  }()

  private static let preparationDescription = TextPreparationDescription(
    normalizer: Normalizer.nfc.rawValue, caseMapping: CaseMapping.fold.rawValue)

  /// Checks that ICU has the tables for it, which reading a text takes for granted.
  static func checkAvailable() throws(TextError) {
    try TextPreparation(preparationDescription).checkAvailable()
  }

  /// Reads a text.
  init(_ text: String) {
    self.init(scalars: Self.foldedScalars(text))
  }

  /// Takes scalars that are folded already.
  init(scalars: [UInt32]) {
    self.scalars = scalars
    var words: [Range<Int>] = []
    var start: Int?
    for (place, scalar) in scalars.enumerated() {
      switch Self.kind(scalar) {
      case .inside:
        if start == nil { start = place }
      case .space:
        if let begin = start { words.append(begin..<place) }
        start = nil
      case .sign:
        if let begin = start { words.append(begin..<place) }
        start = nil
        words.append(place..<place + 1)
      }
    }
    if let begin = start { words.append(begin..<scalars.count) }
    self.words = words
  }

  private static func foldedScalars(_ text: String) -> [UInt32] {
    let bytes = Array(text.utf8)
    // What ICU would do to ASCII, several times as fast.
    if bytes.allSatisfy({ $0 < 0x80 }) {
      return bytes.map { UInt32((0x41...0x5A).contains($0) ? $0 + 0x20 : $0) }
    }
    return preparation.prepare(UTF8Text(text)).scalars
  }

  private enum Kind: UInt8 {
    case inside, space, sign
  }

  private static let asciiKinds: [Kind] = (0..<0x80 as Range<UInt32>).map(kindByProperties)

  @inline(__always)
  private static func kind(_ scalar: UInt32) -> Kind {
    scalar < 0x80 ? asciiKinds[Int(scalar)] : kindByProperties(scalar)
  }

  private static func kindByProperties(_ value: UInt32) -> Kind {
    guard let scalar = Unicode.Scalar(value) else { return .sign }
    if scalar == "_" || CharacterClass(scalar).isInWord { return .inside }
    return scalar.properties.isWhitespace ? .space : .sign
  }
}
