import TextLM

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
    "--json": "--format=json", "--repeat-penalty": "--repetition-penalty",
    "--repeat-last-n": "--penalty-window", "--typical-p": "--typical",
    "--epsilon-cutoff": "--epsilon", "--eta-cutoff": "--eta", "--top-nsigma": "--top-n-sigma",
    "--no-repeat-ngram-size": "--no-repeat", "--dry-multiplier": "--dry",
    "--dry-allowed-length": "--dry-length", "--dry-penalty-last-n": "--dry-window",
    "--dry-sequence-breaker": "--dry-breakers", "--mirostat-ent": "--mirostat-tau",
    "--mirostat-lr": "--mirostat-eta", "--samplers": "--sampler-order",
    "--min-new-tokens": "--min-tokens", "--reverse-prompt": "--stop",
  ]
  /// Options that a command has itself under a name that is another one's elsewhere.
  private static let own = ["score": ["--context"]]
  /// Other tools' options for what is a plain argument here.
  private static let plain: Set = ["--data", "--input", "--input-file"]
  /// Options whose value is any text, even one that looks like an option.
  private static let texts: Set = [
    "-p", "--prompt", "--stop", "--dry-breakers", "--only", "--without", "--regex",
    "--must-include", "--logit-bias", "--find", "--condition",
  ]

  /// Throws `OptionError.invalidBytes` for the first argument that is not UTF-8, of which Swift would
  /// have U+FFFD in its place.
  static func checkBytes() throws(OptionError) {
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let start = CommandLine.unsafeArgv[index] else { return }
      var count = 0
      while start[count] != 0 { count += 1 }
      let bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
      let span = bytes.span
      do throws(UTF8.ValidationError) {
        _ = try UTF8Span(validating: span)
      } catch {
        let offset = error.byteOffsets.lowerBound
        let place = String(decoding: bytes.prefix(offset), as: UTF8.self).unicodeScalars.count
        throw OptionError.invalidBytes(
          argument: TerminalText.excerpt(
            of: String(decoding: bytes, as: UTF8.self), around: place),
          byteOffset: offset)
      }
    }
  }

  /// The arguments with `_` in option names as `-`, and aliases replaced. Values that are any
  /// text, and what comes after `--`, are left alone.
  static func normalized(_ arguments: some Sequence<String>) -> [String] {
    var result: [String] = []
    var own: [String]?
    var isOption = true
    var isText = false
    for argument in arguments {
      if own == nil { own = Self.own[argument] ?? [] }
      if argument == "--" && !isText { isOption = false }
      guard isOption, !isText, argument.hasPrefix("--") else {
        result.append(argument)
        isText = isOption && !isText && texts.contains(argument)
        continue
      }
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let written = String(parts[0].map { $0 == "_" ? "-" : $0 })
      let name = own?.contains(written) == true ? written : aliases[written] ?? written
      if plain.contains(name) {
        if parts.count > 1 { result.append(String(parts[1])) }
      } else {
        result.append(parts.count > 1 ? name + "=" + parts[1] : name)
        isText = texts.contains(name) && parts.count == 1
      }
    }
    return result
  }
}
