import ArgumentParser
import TextLM

/// Cross-validation.
struct FoldOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Train so many models, each of which holds out another of as many blocks of the text, and give \
      their mean and standard deviation. They share the time of --budget. The folder then holds \
      fold-1 and so on, each a run, and folds.json.
      """, valueName: "n"))
  var folds: Int?

  func validate() throws {
    if let folds, !CrossValidation.foldCounts.contains(folds) {
      throw ValidationError(
        "--folds is \(folds), but must be from \(CrossValidation.foldCounts.lowerBound) to "
          + "\(CrossValidation.foldCounts.upperBound)")
    }
  }
}
