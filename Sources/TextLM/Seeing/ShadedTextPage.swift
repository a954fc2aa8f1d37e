/// A page of HTML with a shaded text, in one file that needs nothing else and runs nothing.
///
/// What belongs to a piece appears at the foot of the window when a pointer is over it, when it is tapped,
/// or when the keyboard comes to it. Colours follow the reader's preference for light or dark.
public enum ShadedTextPage {
  /// The page; `remarks` are sentences above the text.
  public static func html(title: String, remarks: [String] = [], _ shaded: ShadedText) -> String {
    PlotPage.html(
      title: title, rules: rules,
      body: paragraphs(remarks) + paragraph(shaded.legend + ".")
        + scale(hasNegative: shaded.pieces.contains { $0.shade < 0 }) + element(shaded))
  }

  /// The text as an element inside HTML that has `rules`.
  static func element(_ shaded: ShadedText) -> String {
    "<div class=\"text\" dir=\"auto\">" + shaded.pieces.map(element).joined() + "</div>\n"
  }

  /// The sentences, those behind the first folded away where they would fill a window before the text.
  private static func paragraphs(_ remarks: [String]) -> String {
    guard let first = remarks.first, remarks.count > 2 else {
      return remarks.map(paragraph).joined()
    }
    let summary = "\(first) And \(remarks.count - 1) more."
    return "<details><summary>\(MarkupText.escaped(summary))</summary>\n"
      + remarks.dropFirst().map(paragraph).joined() + "</details>\n"
  }

  private static func paragraph(_ text: String) -> String {
    "<p>\(MarkupText.escaped(text))</p>\n"
  }

  /// The colours from the weakest to the strongest, from below zero on where there are such.
  static func scale(hasNegative: Bool) -> String {
    let least = hasNegative ? -9 : 0
    let steps = (least...9).map { "<b class=\"\(rule($0))\">\(abs($0))</b>" }
    return "<p class=\"scale\" aria-hidden=\"true\">\(steps.joined())</p>\n"
  }

  /// The name of the rule that colours a shade.
  private static func rule(_ shade: Int) -> String { shade < 0 ? "n\(-shade)" : "p\(shade)" }

  private static func element(_ piece: ShadedText.Piece) -> String {
    let shown = piece.text == " " ? " " : name(piece.text)
    let notes = piece.notes.map { note in
      "<u\(note.isActual ? " class=\"a\"" : "")><q>\(name(note.text))</q> "
        + "\(MarkupText.escaped(note.number))</u>"
    }
    return "<b class=\"\(rule(piece.shade))\" tabindex=\"0\">\(shown)<i><q>\(name(piece.text))</q> "
      + "\(MarkupText.escaped(piece.title))\(notes.isEmpty ? "" : "<br>")\(notes.joined())</i></b>"
      + (piece.endsLine ? "<br>" : "")
  }

  /// A text that may be a space or a mark alone, as a sign where nothing could be seen.
  private static func name(_ text: String) -> String {
    MarkupText.escaped(TerminalText.sign(of: text))
  }

  /// What colours the elements, beside the common rules of pages.
  static let rules: String = {
    var rules = """
      .text{font:1.05rem/1.9 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere;\
      padding-bottom:12rem}\
      .text b,.scale b{font-weight:400;border-radius:.15rem}\
      .scale{display:flex}.scale b{flex:0 1 2em;text-align:center;font-size:.85rem}\
      details p{margin:.2rem 0 .2rem 1rem}\
      .text b:hover,.text b:focus{outline:2px solid var(--ink);outline-offset:-1px}\
      .text i{display:none;position:fixed;left:0;right:0;bottom:0;z-index:1;background:var(--paper);\
      border-top:2px solid var(--line);padding:.6rem 1rem;font:.95rem/1.6 system-ui,sans-serif;\
      max-height:11rem;overflow-y:auto;white-space:normal}\
      .text b:focus i{display:block}.text b:hover i{display:block;z-index:2}\
      .text q{quotes:none;font-family:ui-monospace,monospace;border:1px solid var(--line);\
      border-radius:.2rem;padding:0 .3em;unicode-bidi:isolate}\
      .text u{text-decoration:none;display:inline-block;margin-right:1rem;color:var(--soft);\
      font-variant-numeric:tabular-nums}\
      .text u.a{color:var(--ink);font-weight:600}
      """
    for step in 1...9 {
      let opacity = Numbers.fixed(Double(step) * 0.065, 3)
      rules += ".p\(step){background:rgba(224,86,20,\(opacity))}"
      rules += ".n\(step){background:rgba(20,110,224,\(opacity))}"
    }
    return rules
  }()
}
