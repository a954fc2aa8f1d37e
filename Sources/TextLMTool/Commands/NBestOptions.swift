import ArgumentParser
import TextLM

/// What is done with lists of hypotheses.
struct NBestOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Instead, print the lists of hypotheses in this file, or with - of standard input, with what the \
      model says of each as a line by itself: in Moses' lists (id ||| hypothesis ||| features ||| score) as \
      one more feature, a natural logarithm; in SRILM's (acoustic lm words hypothesis, a file for each list) \
      in the second column, to the base 10.
      """, valueName: "file"))
  var nbest: String?

  @Option(
    help: ArgumentHelp(
      "The feature's name in Moses' lists, TextLM0 by default.", valueName: "name"))
  var nbestName: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Add so many times the model's logarithm to the score. Without it the score stays as it is.
      """, valueName: "weight"))
  var nbestWeight: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Keep so many of each list, the best first, by the score with --nbest-weight; of SRILM's rows the \
      acoustic score with it.
      """, valueName: "n"))
  var nbestTop: Int?

  func validate() throws {
    guard nbest != nil else {
      let others = [
        ("--nbest-name", nbestName != nil), ("--nbest-weight", nbestWeight != nil),
        ("--nbest-top", nbestTop != nil),
      ]
      if let other = others.first(where: { $0.1 }) {
        throw ValidationError("\(other.0) is given without --nbest")
      }
      return
    }
    if let nbestWeight, !nbestWeight.isFinite {
      throw ValidationError("--nbest-weight is \(nbestWeight), but must be a number")
    }
    if let nbestTop {
      guard nbestTop >= 1 else {
        throw ValidationError("--nbest-top is \(nbestTop), but must be 1 or more")
      }
      if nbestWeight == nil {
        throw ValidationError("--nbest-top is by the score with --nbest-weight: give that too")
      }
    }
    let isWord = nbestName?.unicodeScalars.allSatisfy {
      !$0.properties.isWhitespace && !"|=:".unicodeScalars.contains($0)
    }
    if isWord == false || nbestName?.isEmpty == true {
      throw ValidationError(
        "--nbest-name must be a word without spaces, |, = and :, such as TextLM0")
    }
  }

  /// As the library has it.
  var rules: NBestRescorer.Rules {
    var rules = NBestRescorer.Rules(weight: nbestWeight, keptCount: nbestTop)
    if let nbestName { rules.name = nbestName }
    return rules
  }
}
