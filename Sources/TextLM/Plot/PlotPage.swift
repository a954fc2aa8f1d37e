/// A page of HTML that needs nothing but itself: no script, no file, no connection.
public enum PlotPage {
  /// A page of plots.
  public static func html(title: String, _ plots: [Plot]) -> String {
    let figures = plots.map { "<figure>\n\(SVGPlot().element($0))</figure>\n" }.joined()
    return html(title: title, body: "<div class=\"plots\">\n\(figures)</div>\n")
  }

  /// A page of heat maps; those with many names are large, and each is in a row of its own.
  public static func html(title: String, _ maps: [HeatMap]) -> String {
    let figures = maps.map { map in
      let (across, down) = (map.columnNames.count, map.rowNames.count)
      let drawing = SVGPlot(
        width: max(480, 36 + nameSize * across), height: max(300, 54 + nameSize * down))
      // Letters that shrank with a narrow window could not be read: it scrolls instead.
      return
        "<figure class=\"scroll\" tabindex=\"0\"><div style=\"min-width:\(drawing.width)px\">\n"
        + "\(drawing.element(map))</div></figure>\n"
    }
    let isWide = maps.contains { $0.columnNames.count > 50 }
    return html(
      title: title,
      body: "<div class=\"maps plots\(isWide ? " wide" : "")\">\n\(figures.joined())</div>\n")
  }

  /// Units of a picture for a cell with a name.
  private static let nameSize = 9

  /// A page of a body whose text is escaped already, with rules of its own beside the common ones.
  static func html(title: String, rules: String = "", body: String) -> String {
    let title = MarkupText.escaped(title)
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" \
      content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(title)</title>
      <style>\(SVGPlot.style)\(style)\(rules)</style>
      </head>
      <body>
      <h1>\(title)</h1>
      \(body)</body>
      </html>

      """
  }

  private static let style = """
    body{background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;\
    margin:0 auto;max-width:70rem;padding:1rem}\
    h1{font-size:1.5rem;overflow-wrap:anywhere;margin:.5rem 0}\
    h2{font-size:1.15rem;margin:2rem 0 .5rem}\
    p,li{max-width:48rem}\
    .plots{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr))}\
    .maps{grid-template-columns:repeat(auto-fit,minmax(min(100%,31rem),1fr))}\
    .plots.wide{grid-template-columns:minmax(0,1fr)}\
    figure{margin:0;border:1px solid var(--line);border-radius:.4rem;overflow:hidden}\
    figure svg{display:block;width:100%;height:auto}\
    pre{border-left:3px solid var(--line);margin:.3rem 0 1rem;padding:.2rem .8rem;\
    font:14px/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}\
    .scroll{overflow-x:auto}\
    table{border-collapse:collapse;font-size:.9rem}\
    th,td{text-align:left;vertical-align:top;padding:.2rem .9rem .2rem 0;\
    border-bottom:1px solid var(--line);overflow-wrap:anywhere}\
    th{color:var(--soft);font-weight:600}\
    th.number{text-align:right}\
    td.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\
    summary{cursor:pointer;color:var(--soft)}\
    .soft{color:var(--soft)}
    """
}
