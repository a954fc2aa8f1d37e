import Testing

@Suite("wrong usage")
struct UsageTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let arguments: String
    let message: String
    var testDescription: String { arguments }

    init(_ arguments: String, _ message: String) {
      self.arguments = arguments
      self.message = message
    }
  }

  static let cases = [
    Case("trian", "Unexpected argument 'trian'"),
    Case("train", "Missing expected argument '<corpus> ...'"),
    Case("train c --layers x", "The value 'x' is invalid for '--layers <n>'"),
    Case("train c --layers 0", "layers is 0, but must be a whole number from 1 to 64"),
    Case("train c --layers -1", "layers is -1, but must be a whole number from 1 to 64"),
    Case("train c --hidden-size 99999", "hidden_size is 99999, but must be a whole number"),
    Case("train c --embedding-size 0", "--embedding-size is 0, but must be from 1 to 16384"),
    Case("train c --dropout 1", "dropout is 1.0, but must be a number from 0 to below 1"),
    Case("train c --dropout nan", "dropout is nan, but must be a number from 0 to below 1"),
    Case("train c --arch foo", "  lstm (layers 2, hidden_size 256,"),
    Case("train c --set foo=1", "lstm has no hyperparameter foo; it has\n  layers (a whole"),
    Case("train c --set layers", "--set is layers, but must be key=value"),
    Case("train c --set layers=x", "layers is x, but must be a whole number from 1 to 64"),
    Case("train c --unit foo", "no unit is called 'foo'; there are: codepoint, grapheme"),
    Case("train c --coverage 0", "--coverage is 0.0, but must be above 0 and at most 1"),
    Case("train c --coverage nan", "--coverage is nan, but must be above 0"),
    Case("train c --vocabulary v --min-count 2", "--vocabulary cannot be given with --min-count"),
    Case("train c --unit word --locale cuont", "'cuont' is no locale"),
    Case("train c --locale tr", "--locale changes nothing without --case lower"),
    Case("vocab c --unit grapheme --locale tr", "--locale changes nothing without --case lower"),
    Case("vocab", "give texts, a model or --import, and only one of them"),
    Case("vocab c --import t", "give texts, a model or --import, and only one of them"),
    Case("vocab c --top -1", "--top is -1, but must be 0 or more"),
    Case("vocab c --sort cuont", "--sort is cuont, but must be count, codepoint or a locale"),
    Case("vocab - -", "standard input (-) can be given only once"),
    Case("vocab --import c --unit word", "--unit is given, but must be left away"),
    Case("bench text --seconds 0", "--seconds is 0.0, but must be above 0"),
    Case("train c --normalize foo", "no normalization is called 'foo'; there are: none, nfc"),
    Case("train c --tied --hidden-size 8 --embedding-size 9", "but they are 9 and 8"),
    Case("show loss a.txt --html a.txt", "another file than is read"),
    Case("generate --max-copy 9 --copied-from a --only [a-z]", "leave one out"),
    Case("score --context-length 5", "--context-length is of --context reset or sliding"),
    Case("score --context reset --context-length 0", "--context-length is 0"),
    Case("score --context reset --exact", "leave one out"),
    Case("score --context sliding --condition x", "--condition is forgotten"),
    Case("score --cache --condition x", "--cache reads each document from its start, and --condi"),
    Case("score --dynamic --context reset", "--dynamic reads whole documents, and --context reset"),
    Case("score --cache --calibration", "--calibration is of the model as it is, and --cache"),
    Case("score --calibration --condition x", "leave --condition away"),
    Case("train c --budget 0", "--budget is 0, but must be a time such as 75s, 5m or 1h30m"),
    Case("train c --budget 5x", "--budget is 5x, but must be a time such as"),
    Case("train c --budget 1e300h", "at most 365d"),
    Case("train c --epochs 0", "--epochs is 0, but must be from 1"),
    Case("train c --max-steps -5", "--max-steps is -5, but must be from 1"),
    Case("train c --epochs 1 --max-steps 5", "give one of --budget, --epochs and --max-steps"),
    Case("train c --batch-size 0", "--batch-size is 0, but must be from 1"),
    Case("train c --seq-length 0", "--seq-length is 0, but must be from 1"),
    Case("train c --lr nan", "--lr is nan, but must be above 0 and at most 1e6"),
    Case("train c --lr -1", "--lr is -1.0, but must be above 0"),
    Case("train c --warmup-steps -1", "--warmup-steps is -1, but must be 0 or more"),
    Case("train c --weight-decay -1", "--weight-decay is -1.0, but must be from 0 to 100"),
    Case("train c --grad-clip -1", "--grad-clip is -1.0, but must be from 0 to 1000000"),
    Case("train c --precision half", "The value 'half' is invalid for '--precision"),
    Case("train c --optimizer adagrad", "The value 'adagrad' is invalid for '--optimizer"),
    Case("train c --schedule square", "The value 'square' is invalid for '--schedule"),
    Case("train c --min-count 0", "--min-count is 0, but must be 1 or more"),
    Case("train c --max-vocabulary 0", "--max-vocabulary is 0, but must be 1 or more"),
    Case("train c --validation-fraction 1", "--validation-fraction is 1.0, but must be from 0"),
    Case("train c --validation c --split tail", "--validation cannot be given with"),
    Case("train c --resume --overwrite", "--resume and --overwrite cannot be given together"),
    Case("train c --resume --dry-run", "--resume and --dry-run cannot be given together"),
    Case("train c --seed -1", "The value '-1' is invalid for '--seed <n>'"),
    Case("train c --eval-every 0", "--eval-every is 0, but must be 1 or more"),
    Case("train c --save-every 0", "--save-every is 0, but must be 1 or more"),
    Case("train c -t 0", "--threads is 0, but must be from 1 to 1024"),
    Case("train c -q -v", "--quiet and --verbose cannot be given together"),
    Case("train - -", "standard input (-) can be given only once"),
    Case("generate x", "unexpected argument 'x': give a prompt with --prompt"),
    Case("generate -n -1", "-n is -1, but must be 0 or more"),
    Case("generate --samples 0", "--samples is 0, but must be 1 or more"),
    Case("generate --temperature -1", "temperature is -1.0, but must be a number from 0 to 1000"),
    Case("generate --temperature nan", "temperature is nan, but must be a number from 0 to 1000"),
    Case("generate --temperature 1e308", "temperature is 1e+308, but must be a number from 0 to"),
    Case("generate --top-k -1", "error: --top-k is -1, but must be a whole number from 0 up"),
    Case("generate --top-p 0", "top-p is 0.0, but must be above 0 and at most 1"),
    Case("generate --min-p 2", "min-p is 2.0, but must be from 0 to 1"),
    Case("generate --typical 0", "typical is 0.0, but must be above 0 and at most 1"),
    Case("generate --epsilon 1", "epsilon is 1.0, but must be from 0 to below 1"),
    Case("generate --eta -1", "eta is -1.0, but must be from 0 to below 1"),
    Case("generate --top-n-sigma 0", "top-n-sigma is 0.0, but must be a number above 0"),
    Case("generate --xtc-probability 2", "xtc-probability is 2.0, but must be from 0 to 1"),
    Case("generate --mirostat 3", "mirostat is 3, but must be 1 or 2"),
    Case("generate --no-repeat 1", "no-repeat is 1, but must be a whole number from 2 up"),
    Case("generate --dry 0", "dry is 0.0, but must be a number above 0 and at most 100"),
    Case("generate --dry 1e308", "dry is 1e+308, but must be a number above 0 and at most 100"),
    Case("generate --dry 1 --dry-base 0.5", "dry-base is 0.5, but must be a number from 1 to 100"),
    Case("generate --dry 1 --dry-base inf", "dry-base is inf, but must be a number from 1 to 100"),
    Case("generate --mirostat 2 --mirostat-tau 1e308", "mirostat-tau is 1e+308, but must be a"),
    Case("generate --samples 3 --temperature 0", "--samples 3 and --temperature 0 cannot be given"),
    Case("generate --best-of 4 --temperature 0", "--best-of 4 and --temperature 0 cannot be given"),
    Case("generate --samples 3 --top-k 1", "--samples 3 and --top-k 1 cannot be given together"),
    Case("generate --best-of 4 --top-k 1", "--best-of 4 and --top-k 1 cannot be given together"),
    Case(
      "generate --until line --until sentence",
      "--until line and --until sentence cannot be given together"),
    Case("generate --repetition-penalty 0", "repetition-penalty is 0.0, but must be from 0.01"),
    Case("generate --repetition-penalty 1", "--repetition-penalty is 1.0, but must be another"),
    Case("generate --frequency-penalty 101", "frequency-penalty is 101.0, but must be from -100"),
    Case("generate --presence-penalty nan", "presence-penalty is nan, but must be from -100"),
    Case(
      "generate --temperature-end -1", "temperature-end is -1.0, but must be a number from 0 to"
    ),
    Case("generate --temperature-word-start nan", "temperature-word-start is nan, but must be a"),
    Case("generate --logit-bias e", "--logit-bias is e, but must be a character, an equals sign"),
    Case("generate --xtc-threshold 0.2", "--xtc-threshold changes nothing without --xtc-prob"),
    Case("generate --mirostat-tau 2", "--mirostat-tau changes nothing without --mirostat"),
    Case("generate --dry-length 5", "--dry-length changes nothing without --dry"),
    Case("generate --penalty-window 5", "--penalty-window changes nothing without --repetition"),
    Case("generate --temperature 0 --top-p 0.5", "--temperature 0 and --top-p cannot be given"),
    Case("generate --mirostat 2 --min-p 0.1", "--mirostat and --min-p cannot be given together"),
    Case("generate --sampler-order top-q", "the order has 'top-q', which is none of bias,"),
    Case("generate --sampler-order dry,dry", "the order has dry twice: name each once"),
    Case("generate --sampler-order dry --top-k 2", "the order leaves out"),
    Case("generate -n 5 --min-tokens 6", "--min-tokens is 6, but must be at most -n, which is 5"),
    Case("generate --min-tokens -1", "--min-tokens is -1, but must be 0 or more"),
    Case("generate --until chapter", "The value 'chapter' is invalid for '--until <part>'"),
    Case("generate --beam 0", "error: --beam is 0, but must be from 1 to 1024"),
    Case("generate --only [", "--only cannot be read as a set of characters"),
    Case("generate --without [a-", "--without cannot be read as a set of characters"),
    Case("generate --encoding utf-16", "--encoding changes nothing without a text to read"),
    Case("rank a --invalid skip", "--invalid changes nothing without a text to read"),
    Case("generate -f c --encoding none-such", "no encoding is called 'none-such'"),
    Case("plot c --overwrite", "--overwrite changes nothing unless -o names a file"),
    Case("show loss c --html c", "--html is c, but must be another file than is read"),
    Case("vocab c --export c", "c: is there already: choose another name with --export"),
    Case(
      "compress c -o - --format json", "--format json goes to standard output, and so does -o -"),
    Case("decompress -", "say with -o where standard input goes when it is decompressed"),
    Case("decompress c.tlmz -o - --overwrite", "--overwrite changes nothing unless -o names"),
    Case("nearest \u{A0} c", "the query is blank"),
    Case("generate --beam 4 --beam-groups 3", "--beam-groups is 3, but must be a divisor of the"),
    Case(
      "generate --beam 4 --beam-diversity 1",
      "--beam-diversity changes nothing without --beam-groups of 2 or more: give both or neither"),
    Case(
      "generate --beam 4 --no-repeat 5",
      "--beam and --no-repeat cannot be given together: a beam draws nothing, and takes what the"),
    Case("generate --beam 4 --length-power 3", "length-power is 3.0, but must be from 0 to 2"),
    Case("generate --beam-groups 2", "--beam-groups changes nothing without --beam"),
    Case("generate --beam 4 --temperature 1", "--beam and --temperature cannot be given together"),
    Case("generate --beam 4 --dry 1", "--beam and --dry cannot be given together"),
    Case("generate --beam 4 --best-of 4", "--beam and --best-of cannot be given together"),
    Case("generate --beam 2 --samples 3", "--samples is 3, but must be at most --beam, which is"),
    Case("generate --best-of 1", "--best-of is 1, but must be 2 or more"),
    Case(
      "generate --alternatives 3",
      "--alternatives changes nothing without --format jsonl or json"),
    Case("generate --raw --format jsonl", "--raw cannot be given with --format jsonl"),
    Case("score --format jsonl", "The value 'jsonl' is invalid for '--format"),
    Case("generate -p x -f c", "give one of --prompt, --prompt-file and -"),
    Case("score --per page", "The value 'page' is invalid for '--per <part>'"),
    Case("score - -", "standard input (-) can be given only once"),
    Case("score --format xml", "The value 'xml' is invalid for '--format"),
    Case("inspect a -m b", "give the model once: as an argument or with --model"),
  ]

  @Test("is refused with 64, what is wrong, and nothing done", arguments: cases)
  func refused(_ wrong: Case) async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 2000), to: "c")
    let result = try await folder.run(wrong.arguments.split(separator: " ").map(String.init))
    #expect(result.exitCode == 64)
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("textlm: error: "), "\(result.errors)")
    #expect(result.errors.contains(wrong.message), "\(result.errors)")
    #expect(try folder.names() == ["c"])
  }

  @Test("an argument that is not UTF-8 is refused with its place, and not read as U+FFFD")
  func invalidBytes() async throws {
    let folder = try ToolFolder()
    for (bytes, byte) in [("ab\\377c", 3), ("\\303\\251\\303", 3), ("\\200", 1)] {
      let result = try await folder.run(
        "generate", "-p", prelude: "set -- \"$@\" \"$(printf '\(bytes)')\"")
      #expect(result.exitCode == 64)
      #expect(result.output.isEmpty)
      #expect(result.errors.contains("is not UTF-8 at its byte \(byte): "), "\(result.errors)")
    }
  }
}
