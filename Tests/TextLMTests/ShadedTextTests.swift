import Foundation
import TextLM
import Testing

@Suite("Shaded texts")
struct ShadedTextTests {
  private func shaded(_ texts: [String], shades: [Int]? = nil) -> ShadedText {
    let pieces = texts.enumerated().map { index, text in
      ShadedText.Piece(text: text, shade: shades?[index] ?? 0, title: "\(index)")
    }
    return ShadedText(pieces: pieces, legend: "legend")
  }

  @Test(
    "columns of a terminal",
    arguments: [
      ("a", 1), ("", 0), ("日本", 4), ("Ａ", 2), ("e\u{301}", 1), ("\u{301}", 0), ("\u{200D}", 0),
      ("\u{1F600}", 2), ("❤\u{FE0F}", 2), ("\u{AD}", 1), ("한", 2), ("⟨", 1),
    ])
  func width(text: String, columns: Int) throws {
    #expect(try DisplayWidth().columns(of: text) == columns)
  }

  @Test("Without colours a row of digits and letters has the shades, and guesses are beneath")
  func plain() throws {
    var text = shaded(["a", "日", "b", "\n", "c"], shades: [0, 9, -3, 1, 5])
    text.pieces[0].notes = [.init(text: "x", number: "1 %"), .init(text: "<e>", number: "2 %")]
    text.pieces[2].notes = [.init(text: " ", number: "3 %"), .init(text: "y", number: "4 %")]
    let screen = try ShadedTextScreen(columns: 40, isColored: false)
    #expect(
      screen.text(text) == """
        a  日b␊
           9 c1
        x
        <e>  y

        c
        5


        """)
    #expect(try ShadedTextScreen(columns: 20, isColored: false).text(shaded([])).isEmpty)
  }

  @Test("No line is wider than the screen, wide characters included", arguments: [20, 33])
  func wrapping(columns: Int) throws {
    let text = shaded([String](repeating: "日", count: 50) + [String](repeating: "a", count: 50))
    for isColored in [false, true] {
      let screen = try ShadedTextScreen(columns: columns, isColored: isColored)
      let width = try DisplayWidth()
      let lines = screen.text(text).replacing(/\u{1B}\[[0-9;]*m/, with: "").split(separator: "\n")
      #expect(lines.allSatisfy { width.columns(of: String($0)) <= columns })
      #expect(lines.joined().count { $0 == "日" } == 50)
    }
  }

  @Test("Control characters, lone marks and overrides are shown and not obeyed")
  func controls() throws {
    let text = shaded(["\u{1B}", "\t", "\u{301}", "\u{202E}", "\u{200D}"])
    for isColored in [false, true] {
      let shown = try ShadedTextScreen(columns: 80, isColored: isColored).text(text)
      #expect(shown.hasPrefix("␛␉◌\u{301}⟨RLO⟩⟨U+200D⟩"))
      #expect(!shown.contains("\u{202E}"))
    }
    let colored = try ShadedTextScreen(columns: 80, isColored: true)
      .text(shaded(["a", "b"], shades: [9, -9]))
    #expect(colored == "\u{1B}[38;5;16;48;5;202ma\u{1B}[0m\u{1B}[38;5;16;48;5;69mb\u{1B}[0m\n")
  }

  @Test("A page obeys nothing of what it shows, asks for nothing, and has light and dark")
  func page() {
    var text = shaded(
      ["<script>", "\"'", "&", "\u{1B}", "\n", " ", "\u{202E}", "\u{FFFE}", "</div>"],
      shades: [0, 1, 9, -9, 0, 0, 0, 0, 0])
    text.pieces[0].notes = [.init(text: "<img src=x onerror=y>", number: "<b>", isActual: true)]
    text.pieces[1].title = "<i>"
    let page = ShadedTextPage.html(title: "</title><script>", remarks: ["<p>"], text)
    #expect(!page.contains("<script") && !page.contains("<img") && !page.contains("</div></div>"))
    #expect(page.contains("&lt;script&gt;") && page.contains("&quot;&#39;"))
    #expect(page.contains(">&amp;<") && page.contains(">␛<") && page.contains("⟨RLO⟩"))
    #expect(!page.contains("\u{1B}") && !page.contains("\u{202E}") && !page.contains("\u{FFFE}"))
    #expect(page.contains("<u class=\"a\"><q>&lt;img src=x onerror=y&gt;</q> &lt;b&gt;</u>"))
    #expect(page.contains(">↵<") && page.contains("<q>␣</q>"))
    #expect(!page.contains("<details"))
    let folded = ShadedTextPage.html(title: "", remarks: ["<1>.", "<2>.", "<3>."], text)
    #expect(folded.contains("<details><summary>&lt;1&gt;. And 2 more.</summary>\n<p>&lt;2&gt;."))
    #expect(page.contains("default-src 'none'") && page.contains("width=device-width"))
    #expect(page.contains("prefers-color-scheme:dark"))
    for forbidden in ["http:", "https:", "url(", "src=\"", "href"] {
      #expect(!page.contains(forbidden), "\(forbidden)")
    }
    // One element for each piece, which the keyboard and a tap can reach.
    #expect(page.components(separatedBy: "tabindex=\"0\"").count == text.pieces.count + 1)
    // The end of the line, and the end of the title above the notes of the first piece.
    #expect(page.components(separatedBy: "<br>").count == 3)
    #expect(page.contains("<b class=\"n9\" tabindex") && page.contains("<b class=\"n1\">1</b>"))
    let opened = page.components(separatedBy: "<b ").count
    #expect(opened == page.components(separatedBy: "</b>").count)
  }

  @Test("Several texts stand on lines of their own")
  func joining() throws {
    let joined = ShadedText(joining: [shaded(["a"]), shaded(["b", "\n"]), shaded(["c"])])
    let shown = try ShadedTextScreen(columns: 40, isColored: true).text(joined)
    #expect(shown.split(separator: "\n").count == 3)
    #expect(ShadedText(joining: []).pieces.isEmpty)
  }
}
