import ArgumentParser
import TextLM

/// Where a file goes that is made of another one.
struct ResultFileOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      """
      Where the result goes, - for standard output; by default beside the file, with .tlmz added or \
      taken away.
      """, valueName: "file"))
  var output: String?

  @OptionGroup var replacing: OverwriteOptions

  /// Refuses, before any work, a report on standard output when the result goes there.
  func check(_ format: OutputFormat) throws {
    if output == ResultPath.standardOutput, format == .json {
      throw ValidationError(
        "--format json goes to standard output, and so does -o -: leave one of them away")
    }
  }

  /// Refuses, before any work, what would replace a file that nobody said to replace.
  func check(_ path: String, input: String) throws {
    try replacing.checkUse(path, option: "-o", input: input)
    try replacing.checkFree(path, option: "-o")
  }
}
