import ArgumentParser
import TextLM

/// What an n-gram model is told.
struct NGramOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      With --arch ngram: predict each character from the n - 1 before it, by counts. The default is 8, \
      for texts of about a million characters; less text wants a lower one. Time and the file grow \
      with it.
      """, valueName: "n"))
  var order: Int?

  func validate() throws {
    if let order, !NGramConfiguration.orders.contains(order) {
      throw ValidationError(
        "--order is \(order), but must be from \(NGramConfiguration.orders.lowerBound) to "
          + "\(NGramConfiguration.orders.upperBound)")
    }
  }
}
