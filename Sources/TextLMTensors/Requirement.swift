/// Stops the program with `message` when `condition` is false, in optimised builds too.
///
/// For mistakes of the calling code, which no caller can handle. Unlike `precondition`, whose text
/// optimised builds drop, the message always reaches standard error, and it is only composed on
/// failure. Errors of the outside world (files, text, options) are thrown instead.
@inline(__always)
package func require(
  _ condition: Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID,
  line: UInt = #line
) {
  if !condition { fatalError(message(), file: file, line: line) }
}
