/// A list of hypotheses that cannot be rescored.
public enum NBestError: Error, Equatable {
  /// A row that is none of the format.
  case malformed(source: String, line: Int, problem: String)
  /// The header of SRI Decipher's lists, whose scores have no language model's part of their own.
  case decipher(source: String, header: String)
  /// A list comes again after another one has begun.
  case repeatedList(source: String, line: Int, id: String)
  /// A feature of the name is there already.
  case repeatedFeature(source: String, line: Int, name: String)
  /// SRILM's rows have no total score that a weight could change.
  case weightWithoutOrder(source: String)
}

extension NBestError: CustomStringConvertible {
  /// What is wrong with the lists, and what to do about it.
  public var description: String {
    switch self {
    case .malformed(let source, let line, let problem):
      "\(source), line \(line): \(problem); rows are `id ||| hypothesis ||| features ||| score`, as Moses "
        + "has them, or `acoustic lm words hypothesis`, as SRILM has them"
    case .decipher(let source, let header):
      "\(source): is a list of SRI Decipher's (\(header)), whose scores have no part of a language "
        + "model's that could be replaced: give one of SRILM's, as `nbest-lattice -write-nbest` makes "
        + "them"
    case .repeatedList(let source, let line, let id):
      "\(source), line \(line): the list \(TerminalText.neutralized(id)) comes again after another "
        + "one: sort the rows by list"
    case .repeatedFeature(let source, let line, let name):
      "\(source), line \(line): has a feature \(name) already: choose another name with --nbest-name"
    case .weightWithoutOrder(let source):
      "\(source): rows of SRILM have no total score that --nbest-weight could change: give "
        + "--nbest-top too, or leave --nbest-weight away"
    }
  }
}
