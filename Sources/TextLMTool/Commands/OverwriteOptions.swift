import ArgumentParser
import TextLM

/// Whether a result may take the place of a file.
struct OverwriteOptions: ParsableArguments {
  @Flag(help: "Replace the result if there is such a file already; otherwise it is kept.")
  var overwrite = false

  /// Refuses the flag where nothing could be replaced, and a path that is that of the text which the result
  /// is made of; `option` is the one that names the path.
  func checkUse(_ path: String?, option: String, input: String? = nil) throws {
    guard let path, path != ResultPath.standardOutput else {
      if overwrite {
        throw ValidationError("--overwrite changes nothing unless \(option) names a file")
      }
      return
    }
    if path == input {
      throw ValidationError("\(option) is \(path), but must be another file than is read")
    }
  }

  /// Refuses, before any work, what would replace a file that nobody said to replace.
  func checkFree(_ path: String?, option: String) throws {
    guard let path, path != ResultPath.standardOutput, !overwrite else { return }
    if AtomicFile.replacesFile(at: path) { throw OutputExistsError(path: path, option: option) }
  }
}

/// A file that would have been replaced.
struct OutputExistsError: Error, Equatable, CustomStringConvertible {
  let path: String
  /// The option that names another one.
  let option: String

  var description: String {
    "\(path): is there already: choose another name with \(option), or replace it with --overwrite"
  }
}
