/// Command-line arguments under the names that this program uses.
enum Arguments {
  /// Other tools' names for the same options: accepted, and not shown in help.
  private static let aliases = [
    "--num-layers": "--layers", "--n-layer": "--layers", "--nlayers": "--layers",
    "--hidden": "--hidden-size", "--rnn-size": "--hidden-size", "--nhid": "--hidden-size",
    "--embed": "--embedding-size", "--emsize": "--embedding-size",
    "--wordvec-size": "--embedding-size", "--bptt": "--seq-length",
    "--block-size": "--seq-length", "--max-epochs": "--epochs", "--max-iters": "--max-steps",
    "--learning-rate": "--lr", "--lr-schedule": "--schedule", "--clip": "--grad-clip",
    "--max-grad-norm": "--grad-clip", "--valid": "--validation",
    "--valid-frac": "--validation-fraction", "--val-frac": "--validation-fraction",
    "--primetext": "--prompt", "--start-text": "--prompt", "--start": "--prompt",
    "--length": "--max-tokens", "--predict": "--max-tokens", "--n-predict": "--max-tokens",
    "--max-new-tokens": "--max-tokens", "--num-samples": "--samples", "--temp": "--temperature",
    "--out-dir": "--output", "--checkpoint-dir": "--output", "--num-threads": "--threads",
    "--thread": "--threads", "--json": "--format=json",
  ]

  /// The arguments with `_` in option names as `-`, and aliases replaced. What comes after `--` is
  /// left alone.
  static func normalized(_ arguments: some Sequence<String>) -> [String] {
    var isOption = true
    return arguments.map { argument in
      if argument == "--" { isOption = false }
      guard isOption, argument.hasPrefix("--") else { return argument }
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0].map { $0 == "_" ? "-" : $0 })
      let value = parts.count > 1 ? "=" + parts[1] : ""
      return (aliases[name] ?? name) + value
    }
  }
}
