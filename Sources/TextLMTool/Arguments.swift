/// Command-line arguments under the names that this program uses.
enum Arguments {
  /// Other tools' names for the same options: accepted, and not shown in help.
  private static let aliases = [
    "--num-layers": "--layers", "--n-layer": "--layers", "--nlayers": "--layers",
    "--hidden": "--hidden-size", "--rnn-size": "--hidden-size", "--nhid": "--hidden-size",
    "--n-embd": "--hidden-size", "--embed": "--embedding-size", "--emsize": "--embedding-size",
    "--wordvec-size": "--embedding-size", "--bptt": "--seq-length",
    "--block-size": "--seq-length", "--context": "--seq-length", "--max-epochs": "--epochs",
    "--max-iters": "--max-steps", "--learning-rate": "--lr", "--lr-schedule": "--schedule",
    "--clip": "--grad-clip", "--max-grad-norm": "--grad-clip", "--tie-weights": "--tied",
    "--type": "--arch", "--model-type": "--arch", "--valid": "--validation",
    "--valid-frac": "--validation-fraction", "--val-frac": "--validation-fraction",
    "--checkpoint-every": "--save-every", "--primetext": "--prompt", "--start-text": "--prompt",
    "--start": "--prompt", "--length": "--max-tokens", "--predict": "--max-tokens",
    "--n-predict": "--max-tokens", "--max-new-tokens": "--max-tokens",
    "--num-samples": "--samples", "--temp": "--temperature", "--out-dir": "--output",
    "--checkpoint-dir": "--output", "--work-dir": "--output", "--save": "--output",
    "--model-name-or-path": "--model", "--num-threads": "--threads", "--thread": "--threads",
    "--json": "--format=json",
  ]
  /// Other tools' options for what is a plain argument here.
  private static let plain: Set = ["--data", "--input", "--input-file"]

  /// The arguments with `_` in option names as `-`, and aliases replaced. A prompt, and what comes
  /// after `--`, is left alone.
  static func normalized(_ arguments: some Sequence<String>) -> [String] {
    var result: [String] = []
    var isOption = true
    var isPrompt = false
    for argument in arguments {
      if argument == "--" && !isPrompt { isOption = false }
      guard isOption, !isPrompt, argument.hasPrefix("--") else {
        result.append(argument)
        isPrompt = isOption && !isPrompt && argument == "-p"
        continue
      }
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let written = String(parts[0].map { $0 == "_" ? "-" : $0 })
      let name = aliases[written] ?? written
      if plain.contains(name) {
        if parts.count > 1 { result.append(String(parts[1])) }
      } else {
        result.append(parts.count > 1 ? name + "=" + parts[1] : name)
        isPrompt = name == "--prompt" && parts.count == 1
      }
    }
    return result
  }
}
