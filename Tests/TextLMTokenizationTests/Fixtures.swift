import Foundation
import TextLMTokenization

/// Random numbers that are the same in every run (SplitMix64, Steele et al. 2014).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// All 1,112,064 scalars in order.
let allScalars: [Unicode.Scalar] = (UInt32(0)...0x10FFFF).compactMap(Unicode.Scalar.init)

/// The text of scalars.
func text(_ scalars: some Sequence<Unicode.Scalar>) -> UTF8Text {
  var string = ""
  string.unicodeScalars.append(contentsOf: scalars)
  return UTF8Text(string)
}

/// A text of scalars given by their numbers in hexadecimal: `text(hex: "0065 0301")`.
func text(hex: some StringProtocol) -> UTF8Text {
  text(
    hex.split(separator: " ").compactMap { UInt32($0, radix: 16) }.compactMap(Unicode.Scalar.init))
}

/// Texts of many scripts and hard places, for laws that hold for every text.
let sampleTexts: [UTF8Text] =
  [
    "", "a", "\0", "\n", "To be, or not to be", "Füße, e\u{301}\u{327}, \u{E9}", "Привет, мир",
    "日本語のテキスト、漢字とかな。", "한국어 \u{1112}\u{1161}\u{11AB}", "हिन्दी में क्षत्रिय", "مرحبا \u{202E}abc",
    "👩‍👩‍👧‍👦🇫🇷🏴󠁧󠁢󠁥󠁮󠁧󠁿", "a\r\nb\rc\u{2028}d\u{85}", "\u{FEFF}\u{FFFE}\u{10FFFF}\u{E000}", "<unk><s></s>",
    "\u{1B}[2J\u{7F}\u{9B}", "\u{FDFA}ﬁ\u{1E9E}\u{212B}", "\u{301}\u{327}\u{301}", "𝒜𝓑𐍈",
  ].map(UTF8Text.init)

/// A place for files that only some machines have: `TEXTLM_SHARED`, or `shared` beside the package.
enum SharedFiles {
  static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["TEXTLM_SHARED"] {
      return URL(fileURLWithPath: path)
    }
    return URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared")
  }()

  /// The Universal Declaration of Human Rights, a file for each language.
  static let declarations: [URL] = {
    let folder = Self.folder.appendingPathComponent("data/udhr")
    let files = try? FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return (files ?? []).filter { $0.pathExtension == "txt" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }()

  /// Unicode's test of normalization, as Debian's package unicode-data installs it.
  static let normalizationTest: String? = {
    let path = "/usr/share/unicode/NormalizationTest.txt"
    if let plain = try? String(contentsOfFile: path, encoding: .utf8) { return plain }
    guard FileManager.default.fileExists(atPath: path + ".bz2"),
      FileManager.default.isExecutableFile(atPath: "/bin/bzip2")
    else { return nil }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bzip2")
    process.arguments = ["-dc", path + ".bz2"]
    let output = Pipe()
    process.standardOutput = output
    guard (try? process.run()) != nil else { return nil }
    return String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  }()
}
