/// A document without any character, where one is needed.
struct EmptyTextError: Error, CustomStringConvertible {
  let name: String

  var description: String {
    "\(name): the text is empty, so there is nothing to measure: give at least one character"
  }
}
