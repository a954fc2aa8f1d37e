/// A row of a table as it is written.
package struct DelimitedRow {
  /// The line from 1 on in which it begins.
  package let line: Int
  /// Its fields without the quotes around them.
  package let fields: [String]
  /// What is wrong with it, so that its fields are not to be used.
  package let problem: BadRowReason?
}
