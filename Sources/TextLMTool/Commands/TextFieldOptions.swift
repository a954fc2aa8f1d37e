import ArgumentParser

/// Which member of JSON lines has the texts.
struct TextFieldOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Read the texts as JSON lines: the member of this name of each line's object is a document of \
      its own.
      """, valueName: "name"))
  var textField: String?
}
