import TextLM

extension Console {
  /// A way to draw on standard output: as wide as its terminal and in colours where `NO_COLOR` is not set,
  /// and otherwise 80 columns wide and without.
  static func screen() throws -> ShadedTextScreen {
    try ShadedTextScreen(
      columns: outputColumns ?? 80,
      isColored: outputIsTerminal && Environment.value("NO_COLOR") == nil)
  }
}
