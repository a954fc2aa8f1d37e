import Testing
import TextLMTokenization

@Suite struct TerminalTextTests {
  @Test(arguments: [
    ("plain text\n\twith a tab", "plain text\n\twith a tab"), ("", ""),
    ("\u{1B}[2J", "␛[2J"), ("\0\u{1}\u{1F}\u{7F}", "␀␁␟␡"), ("a\r\nb", "a␍\nb"),
    ("\u{7}\u{8}", "␇␈"),
    ("\u{9B}31m\u{85}", "⟨U+009B⟩31m⟨U+0085⟩"), ("\u{202E}cba\u{202C}", "⟨RLO⟩cba⟨PDF⟩"),
    (
      "\u{2066}\u{2067}\u{2068}\u{2069}\u{200E}\u{200F}\u{61C}",
      "⟨LRI⟩⟨RLI⟩⟨FSI⟩⟨PDI⟩⟨LRM⟩⟨RLM⟩⟨ALM⟩"
    ),
    ("日本語 é 👩‍👩‍👧", "日本語 é 👩‍👩‍👧"),
  ])
  func activeCharactersAreShown(given: String, expected: String) {
    #expect(UTF8Text(TerminalText.neutralized(given)) == UTF8Text(expected))
  }

  @Test func longTextsAreShownInPart() {
    let text = String(repeating: "é", count: 100) + "x" + String(repeating: "水", count: 100)
    let around = String(repeating: "é", count: 30) + "x" + String(repeating: "水", count: 29)
    #expect(TerminalText.excerpt(of: text, around: 100) == "…\(around)…")
    #expect(TerminalText.excerpt(of: text) == String(repeating: "é", count: 60) + "…")
    #expect(TerminalText.excerpt(of: text, around: 201) == "…" + String(repeating: "水", count: 60))
    #expect(TerminalText.excerpt(of: around, around: 60) == around)
  }

  /// Against the standard library's tables, for which these properties have not changed since
  /// Unicode 6.3.
  @Test func nothingActiveRemains() {
    for scalar in allScalars where scalar != "\n" && scalar != "\t" {
      let isActive =
        scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
      let shown = TerminalText.neutralized(String(scalar))
      if isActive == (shown.unicodeScalars.contains(scalar)) {
        Issue.record("U+\(String(scalar.value, radix: 16)) is shown as \(shown)")
      }
    }
  }
}
