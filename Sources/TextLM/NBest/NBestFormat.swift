/// How a row of a list of hypotheses is written.
enum NBestFormat: Sendable {
  /// `id ||| hypothesis ||| features ||| score`, perhaps with more such fields behind; features and scores are
  /// natural logarithms. One file has the lists of many inputs.
  ///
  /// Reference: Moses, "Generating n-Best Lists" of its manual.
  case moses
  /// `acoustic lm words hypothesis`: two logarithms to the base 10 and a number of words. A file is one list.
  ///
  /// Reference: SRILM, nbest-format(5), the third format.
  case srilm

  /// The format of a row, by what it looks like: what separates Moses' fields is in no row of SRILM.
  init(of row: String) {
    self = row.utf8.fields(by: "|||").count > 1 ? .moses : .srilm
  }
}
