/// A row of a table as it is written.
struct DelimitedRow {
  /// The line from 1 on in which it begins.
  let line: Int
  /// Its fields without the quotes around them.
  let fields: [String]
  /// What is wrong with it, so that its fields are not to be used.
  let problem: BadRowReason?
}
