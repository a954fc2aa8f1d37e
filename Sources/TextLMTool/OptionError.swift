/// An option whose value makes no sense.
enum OptionError: Error, Equatable, CustomStringConvertible {
  /// The option, its value, and what is allowed.
  case value(option: String, value: String, allowed: String)
  /// An option that a resumed run has already decided in another way.
  case fixedByRun(option: String, given: String, stored: String)
  /// An argument of the command line that is not UTF-8: as far as it can be read, and where it first
  /// cannot, in bytes from 0.
  case invalidBytes(argument: String, byteOffset: Int)

  var description: String {
    switch self {
    case .value(let option, let value, let allowed):
      "\(option) is \(value), but must be \(allowed)"
    case .fixedByRun(let option, let given, let stored):
      "\(option) is \(given), but the run began with \(stored), which --resume cannot change: "
        + "leave \(option) away, or start a new run with another -o"
    case .invalidBytes(let argument, let byteOffset):
      "the argument '\(argument)' is not UTF-8 at its byte \(byteOffset + 1): give it in UTF-8, "
        + "rename a file that is called so, or give a text in a file, whose encoding --encoding names"
    }
  }
}

/// No model where one was looked for.
struct NoModelError: Error, Equatable, CustomStringConvertible {
  /// The path of the file that is missing.
  let path: String
  /// Where the path came from, in words; empty when the command line said it.
  let origin: String
  /// The command that makes one.
  var maker = "textlm train"
  /// The option that says where it is.
  var option = "-m"

  var description: String {
    "\(path)\(origin): no such model: make one with `\(maker)`, or say where one is with \(option)"
  }
}
