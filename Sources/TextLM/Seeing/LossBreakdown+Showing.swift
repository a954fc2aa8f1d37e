extension LossBreakdown.Group {
  /// The part of all nats that it costs, 0 ... 1.
  public func share(of breakdown: LossBreakdown) -> Double {
    breakdown.nats > 0 ? nats / breakdown.nats : 0
  }
}

extension LossBreakdown {
  /// All tables: what a group costs, and the part of the whole that it is.
  public var json: JSONValue {
    func json(_ group: Group) -> JSONValue {
      [
        "name": JSONValue(group.name), "tokens": JSONValue(group.tokenCount),
        "nats": JSONValue(group.nats), "nats_per_token": JSONValue(group.natsPerToken),
        "bits_per_token": JSONValue(group.bitsPerToken), "share": JSONValue(group.share(of: self)),
      ]
    }
    return [
      "tokens": JSONValue(tokenCount), "nats": JSONValue(nats),
      "tables": .array(
        tables.map { ["by": JSONValue($0.name), "groups": .array($0.groups.map(json))] }),
    ]
  }

  /// A page of HTML with the tables, in one file that needs nothing else.
  ///
  /// A bar behind each number of bits is as long as the number is great among those of its table.
  public func html(title: String) -> String {
    let total =
      "\(Numbers.grouped(tokenCount)) tokens cost \(Numbers.fixed(nats, 1)) nats together."
    return PlotPage.html(
      title: title, rules: Self.rules, body: "<p>\(total)</p>\n" + tables.map(section).joined())
  }

  private func section(_ table: Table) -> String {
    let greatest = table.groups.reduce(0) { max($0, $1.bitsPerToken) }
    let rows = table.groups.map { group -> String in
      let width = greatest > 0 ? 100 * group.bitsPerToken / greatest : 0
      return "<tr><td>\(MarkupText.escaped(group.name))</td>"
        + "<td class=\"number\">\(Numbers.grouped(group.tokenCount))</td>"
        + "<td class=\"number\">\(Numbers.fixed(group.bitsPerToken, 3))</td>"
        + "<td class=\"bar\"><span style=\"width:\(Numbers.fixed(width, 1))%\"></span></td>"
        + "<td class=\"number\">\(Numbers.fixed(100 * group.share(of: self), 1)) %</td></tr>\n"
    }
    return "<h2>By \(MarkupText.escaped(table.heading))</h2>\n<div class=\"scroll\"><table>\n"
      + "<tr><th>\(MarkupText.escaped(table.heading))</th><th class=\"number\">tokens</th>"
      + "<th class=\"number\">bits</th><th></th><th class=\"number\">of all</th></tr>\n\(rows.joined())</table></div>\n"
  }

  private static let rules = """
    th,td{overflow-wrap:normal;padding-right:.6rem}\
    td.bar{width:30%;min-width:3rem}\
    td.bar span{display:block;height:.8em;margin-top:.35em;background:var(--c0)}
    """
}

extension LossBreakdown.Table {
  /// What the groups differ in, in words.
  public var heading: String { name.hasPrefix("in ") ? "position " + name : name }
}
