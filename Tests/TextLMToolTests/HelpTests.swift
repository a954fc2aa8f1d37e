import Foundation
import Testing

@Suite("help")
struct HelpTests {
  @Test("textlm alone and textlm --help show the commands", arguments: [[], ["--help"], ["help"]])
  func commands(arguments: [String]) async throws {
    let result = try await ToolFolder().run(arguments)
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    #expect(
      result.output == """
        OVERVIEW: Character-level language models: train on any text, write with them,
        measure text.

        The shortest way:  textlm train corpus.txt && textlm generate

        Results go to standard output; progress, notes and errors to standard error.
        Exit codes: 0 done, 64 wrong usage, 65 unusable text or model, 74 input or
        output failed, 75 the run is locked by another process, 130 and 143 stopped by
        Ctrl-C or SIGTERM after saving.

        USAGE: textlm <subcommand>

        OPTIONS:
          --version               Show the version.
          -h, --help              Show help information.

        SUBCOMMANDS:
          train                   Train a language model on a text.
          tune                    Search for the settings that learn a text best.
          compare                 Train several architectures alike and rank them.
          task                    Train an architecture on a problem that tests its
                                  memory.
          generate, sample        Write text with a model, as it comes.
          write                   Write a text together with a model, in the terminal.
          score                   Measure how well a model predicts any text.
          compare-scores          Tell whether one model predicts texts better than
                                  another.
          fill                    Fill the gaps of a text.
          rank                    Sort texts by how likely they are, such as
                                  corrections.
          show                    Show what a model makes of a text, character by
                                  character.
          embed                   Turn texts into vectors, a line each.
          nearest                 Find the lines of a text that are most like another
                                  text.
          classify                Tell texts apart by what labelled texts show.
          compress                Make a file smaller with what a model knows of its
                                  text.
          decompress              Turn a compressed file back into what it was.
          tokenize                Show a text as the tokens that a model reads.
          detokenize              Turn a model's token numbers back into text.
          vocab                   Show which characters a text has or a model knows,
                                  and what is odd about them.
          inspect                 Show a model's parts with their sizes, and what it
                                  was trained on and how.
          plot                    Show the learning curves of one or more runs.
          bench                   Measure how fast this machine trains, writes, scores
                                  and reads.

          See 'textlm help <subcommand>' for detailed help.\("\n")
        """)
  }

  @Test(
    "every command's help explains every option within 80 columns",
    arguments: [
      "train", "tune", "compare", "task", "fill", "rank", "generate", "score",
      "compare-scores", "compress", "decompress", "tokenize", "write",
      "detokenize", "vocab", "inspect",
      "plot", "bench",
      "bench model", "bench text", "show", "show surprisal", "show units", "show memory",
      "show loss", "embed", "nearest", "classify", "classify train", "classify predict",
      "classify evaluate",
    ])
  func options(command: String) async throws {
    let words = command.split(separator: " ").map(String.init)
    let result = try await ToolFolder().run(words + ["--help"])
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.first?.hasPrefix("OVERVIEW: ") == true)
    for line in lines where !line.hasPrefix("USAGE:") { #expect(line.count <= 80, "\(line)") }
    // An option's line, or the one below it, has words of explanation in the second column.
    for (index, line) in lines.enumerated() where line.hasPrefix("  -") {
      let own = line.dropFirst(26)
      let next = index + 1 < lines.count ? lines[index + 1] : ""
      let text = own.isEmpty || line.dropFirst(25).first != " " ? next : own
      #expect(text.contains { $0.isLetter }, "\(line) is not explained")
    }
  }

  @Test(
    "what the contract names is there",
    arguments: [
      (
        "train",
        """
        -o --output --arch --layers --hidden-size --embedding-size --dropout --set --tied --budget \
        --epochs --max-steps -b --batch-size --seq-length --optimizer --lr --schedule \
        --weight-decay --grad-clip --precision --unit --normalize --min-count --max-vocabulary \
        --case --locale --transliterate --keep --drop \
        --validation-fraction --validation --split --resume --overwrite --dry-run --seed -t \
        --threads -q --quiet -v --verbose --format --no-samples --sample-length --tensorboard \
        --direction --zoneout-cell --zoneout-hidden \
        --init-from --embeddings-from --params --freeze --lr-factor --unfreeze-every --folds --order \
        --copy-index
        """
      ),
      (
        "generate",
        """
        -m --model --prompt -p --prompt-file -n --temperature --top-k --top-p --min-p --samples \
        --seed --raw --threads --format --typical --epsilon --eta --top-n-sigma --xtc-probability \
        --xtc-threshold --xtc-inside-words --mirostat --mirostat-tau --mirostat-eta --no-repeat \
        --dry --dry-base --dry-length --dry-window --dry-breakers --repetition-penalty \
        --frequency-penalty --presence-penalty --penalty-window --logit-bias --temperature-end \
        --temperature-word-start --sampler-order --min-tokens --stop --until --alternatives \
        --only --without --words --regex --must-include --grammar --best-of --beam --beam-groups \
        --beam-diversity --length-power --contrastive --candidates --penalty-alpha --set-unit \
        --max-copy --copied-from
        """
      ),
      (
        "tune",
        "-o --output --budget --candidates --seed --resume --overwrite --unit --format -q -v"
      ),
      (
        "task",
        """
        --with -o --output --arch --layers --hidden-size --set --embedding-size --bidirectional \
        --budget --max-steps -b --batch-size --keep-going --curriculum --optimizer --lr --grad-clip \
        --warmup-steps --constant-rate --seed --precision --resume --overwrite --format -q -v
        """
      ),
      (
        "compare",
        """
        --arch --budget --params --set -o --output --seed --resume --overwrite --precision --unit \
        --format -q -v
        """
      ),
      ("fill", "-m --model --backward -n --beam --format"),
      ("write", "-m --model --temperature --seed --precision -t --threads -q -v"),
      ("rank", "-m --model --backward --per-character --format"),
      (
        "show surprisal",
        "-m --model --html --guesses --documents --precision --threads --format -q"
      ),
      ("show units", "-m --model --html --unit --find --top --format -q"),
      ("show memory", "-m --model --html -n --format -q"),
      ("show loss", "-m --model --html --documents --precision --format -q"),
      ("embed", "-m --model --backward --pooling --documents --format -o --output --threads -q"),
      ("nearest", "-m --model --backward --pooling --documents --top --format -q"),
      (
        "score",
        """
        -m --model --per --exact --context --context-length --condition --interpolate \
        --interpolate-weight --interpolate-tune --calibration --novelty --copied-from --cache \
        --cache-length --cache-flatness --cache-weight --dynamic --dynamic-rate --dynamic-decay \
        --dynamic-segment --threads \
        --anomaly --anomaly-from --anomaly-rate --nbest --nbest-name --nbest-weight --nbest-top \
        --text-field --format -q -v
        """
      ),
      (
        "classify train",
        """
        -o --output --arch --model --labels --budget --balanced --validation-fraction --validation \
        --folds --seed --resume --overwrite --data-format --text-column --label-column \
        --label-separator --label-from --delimiter --header --strict --encoding --invalid --layers \
        --hidden-size --set --embedding-size --bidirectional --hierarchy --pooling --attention-size \
        --dry-run --tensorboard --dropout --label-smoothing --noise --init-from --epochs --max-steps -b --batch-size \
        --patience --precision --freeze --lr-factor --unfreeze-every --optimizer --lr --schedule \
        --unit --normalize --format -t --threads -q -v
        """
      ),
      (
        "classify predict",
        """
        -m --model --top --explain --data-format --text-column --encoding --invalid --format -t -q -v
        """
      ),
      (
        "classify evaluate",
        """
        -m --model --against --skip-unknown --html --misclassified --overwrite --data-format \
        --text-column --label-column --strict --format -t -q -v
        """
      ),
      ("compress", "-m --model -o --output --stretches --overwrite --threads --format -q -v"),
      ("decompress", "-m --model -o --output --overwrite --threads --format -q -v"),
      ("tokenize", "-m --model --ids --format -q -v"),
      ("detokenize", "-m --model --raw -q"),
      ("inspect", "-m --model --format"),
      ("plot", "--metric --over --width --height -o --output --format -q -v"),
      (
        "vocab",
        "--unit --min-count --max-vocabulary --coverage --vocabulary --normalize --sort --export --import"
      ),
    ])
  func contract(command: String, options: String) async throws {
    let path = command.split(separator: " ").map(String.init)
    let help = try await ToolFolder().run(path + ["--help"]).output
    let words = Set(help.split { $0 == " " || $0 == "\n" || $0 == "," }.map(String.init))
    for option in options.split(separator: " ") { #expect(words.contains(String(option))) }
  }

  @Test(
    "generate's help tells what decides a text when nothing is given",
    arguments: [
      "The temperature is 1.0 where words begin and 0.7 elsewhere",
      "where words begin too: the default for these is dropped",
      "From 8 on they are computed in int16",
      "cell1.114=2 or hidden1.5=0",
    ])
  func defaults(sentence: String) async throws {
    let help = try await ToolFolder().run(["generate", "--help"]).output
    let words = help.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(words.contains(sentence))
  }

  @Test("completion scripts", arguments: ["bash", "zsh", "fish"])
  func completion(shell: String) async throws {
    let folder = try ToolFolder()
    let result = try await folder.run("--generate-completion-script", shell)
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    for word in ["train", "generate", "hidden-size", "top-p"] {
      #expect(result.output.contains(word))
    }
    guard shell == "bash" else { return }
    try folder.write(result.output, to: "completion.bash")
    let check = Process()
    check.executableURL = URL(filePath: "/bin/bash")
    check.arguments = ["-n", folder.path("completion.bash")]
    try check.run()
    check.waitUntilExit()
    #expect(check.terminationStatus == 0)
  }

  @Test("the version is three numbers")
  func version() async throws {
    let result = try await ToolFolder().run("--version")
    #expect(result.exitCode == 0)
    #expect(result.output.wholeMatch(of: #/\d+\.\d+\.\d+\n/#) != nil)
  }
}
