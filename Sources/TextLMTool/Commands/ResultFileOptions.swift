import ArgumentParser
import TextLM

/// Where a file goes that is made of another one.
struct ResultFileOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where the result goes; by default beside the file, with .tlmz added or taken away.",
      valueName: "file"))
  var output: String?

  @Flag(help: "Replace the result if there is such a file already; otherwise it is kept.")
  var overwrite = false

  /// Refuses, before any work, what would replace a file that nobody said to replace.
  func check(_ path: String, input: String) throws {
    try ResultPath.check(path, option: "--output", input: input)
    if !overwrite, AtomicFile.replacesFile(at: path) { throw OutputExistsError(path: path) }
  }
}

/// A file that would have been replaced.
struct OutputExistsError: Error, Equatable, CustomStringConvertible {
  let path: String

  var description: String {
    "\(path): is there already: choose another name with -o, or replace it with --overwrite"
  }
}

/// The place of a result that has no such options.
enum ResultPath {
  /// Refuses to write a result over the text that it is made of.
  static func check(_ path: String, option: String, input: String) throws {
    if path == input {
      throw ValidationError("\(option) is \(path), but must be another file than is read")
    }
  }
}
