import ArgumentParser
import TextLM

/// `textlm show memory`: where a model looked while it read.
struct ShowMemoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "memory",
    abstract: "Show where attention or memory looked while the model read a text.",
    discussion: """
      A picture for each head of attention, and for each reader and writer of a memory: the \
      characters read to the right, and downwards the characters or slots looked at, the darker the \
      more. The first character read is the start of the document, shown as a dot. A model without \
      attention and without external memory, such as an LSTM, has none.
      """)

  @OptionGroup var text: ShownTextOptions

  @Option(
    name: .customShort("n"), parsing: .unconditional,
    help: ArgumentHelp(
      "Characters to read, at most: pictures of attention grow with the square.",
      valueName: "count"))
  var count = 80

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if !(1...2000).contains(count) {
      throw ValidationError("-n is \(count), but must be from 1 to 2000")
    }
    try text.check(shared.format)
  }

  func run() throws {
    try shared.apply()
    let model = try text.model.load(shared.output)
    let text = try self.text.firstDocument(model, shared.output)
    let view = try model.memoryView(text, tokenLimit: count)
    guard view.tokens.count > 1 else { throw SeeingError.empty(source: self.text.title) }
    if shared.format == .json {
      return try Console.standardOutput(view.json.text(nonFinite: .null) + "\n")
    }
    let isPage = try self.text.writePage(shared.output) {
      PlotPage.html(title: "Where the model looked, reading \(self.text.title)", view.heatMaps)
    }
    if isPage { return }
    let drawing = TextHeatMap(columns: Console.outputColumns ?? 80)
    for map in view.heatMaps { try Console.standardOutput(drawing.text(map) + "\n") }
  }
}
