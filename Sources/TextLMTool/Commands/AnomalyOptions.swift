import ArgumentParser
import TextLM

/// Which lines are told as anomalies.
struct AnomalyOptions: ParsableArguments {
  @Flag(
    help: """
      Instead, print the lines that cost more than lines like those of --anomaly-from do, each measured \
      by itself. Standard input is read as it grows, and a line is printed as soon as it has \
      ended: tail -f log | textlm score --anomaly ...
      """)
  var anomaly = false

  @Option(
    help: ArgumentHelp(
      """
      A text of which the lines are normal, such as an older log that the model was not trained on: a \
      thousand lines or more are good.
      """, valueName: "file"))
  var anomalyFrom: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The share of normal lines that may be printed, 0.01 by default. Less misses more anomalies, and \
      needs more normal lines: 1 / share at least.
      """, valueName: "share"))
  var anomalyRate: Double?

  func validate() throws {
    guard anomaly else {
      if anomalyFrom != nil {
        throw ValidationError("--anomaly-from is given without --anomaly")
      }
      if anomalyRate != nil {
        throw ValidationError("--anomaly-rate is given without --anomaly")
      }
      return
    }
    if anomalyFrom == nil {
      throw ValidationError("--anomaly needs --anomaly-from: a text of which the lines are normal")
    }
    if let anomalyRate, !(anomalyRate > 0 && anomalyRate < 1) {
      throw ValidationError("--anomaly-rate is \(anomalyRate), but must be between 0 and 1")
    }
  }
}
