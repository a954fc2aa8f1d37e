import ArgumentParser
import TextLM

/// `textlm score`: measures how well a model predicts text.
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score", abstract: "Measure how well a model predicts any text.",
    discussion: """
      Every character is predicted from all before it, the first from the start of the document. \
      Bits per byte compare models of any kind; bits per character and perplexity compare models \
      of one unit. A character that the model does not know costs what it takes to name it.
      """)

  /// What a row of the result is about.
  enum Part: String, ExpressibleByArgument, CaseIterable {
    case total
    case document
    case line
    case word
    case token
  }

  @OptionGroup var modelOptions: ModelOptions

  @Argument(
    help: ArgumentHelp(
      "Texts and folders of texts to measure; - or none for standard input.",
      valueName: "file"))
  var files: [String] = []

  @Option(
    help: ArgumentHelp("What gets a result of its own.", valueName: "part"))
  var per: Part = .total

  @Flag(
    help: """
      Print how often the likeliest character came, by the probability it was given: where the \
      two agree, the model is as sure as it should be. With the expected calibration error and \
      the temperature at which the text costs least; reads the text some five times.
      """)
  var calibration = false

  @Flag(
    help: """
      Instead, print how much of the text stands in the training text, or in that of --copied-from: \
      the longest stretch that both have, and of all stretches of 4, 8, 16, ... characters the part \
      that is new.
      """)
  var novelty = false

  @OptionGroup var copied: CopiedTextOptions

  @OptionGroup var precision: PrecisionOptions

  @OptionGroup(title: "What is known of the text") var contextOptions: ContextOptions
  @OptionGroup(title: "Several models") var interpolation: InterpolationOptions
  @OptionGroup(title: "Adapting to the text") var adaptation: AdaptationOptions
  @OptionGroup(title: "Lines that are odd") var anomalies: AnomalyOptions
  @OptionGroup(title: "Lists of hypotheses") var nbest: NBestOptions
  @OptionGroup(title: "Texts in JSON lines") var jsonLines: TextFieldOptions
  @OptionGroup(title: "Reading of the text") var reading: ReadingOptions
  @OptionGroup var shared: ScoreOutputOptions

  func validate() throws {
    if files.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input (-) can be given only once")
    }
    try validateLines()
    if jsonLines.textField != nil, reading.documents != nil {
      throw ValidationError(
        "--text-field makes a document of each line's object, and --documents of what it says: "
          + "leave one out")
    }
    if calibration && per != .total {
      throw ValidationError("--calibration is of all texts together, not --per \(per.rawValue)")
    }
    if interpolation.isWanted {
      if let adapting = adaptation.option {
        throw ValidationError("\(adapting) is of one model: leave --interpolate away")
      }
      if calibration || per == .token || per == .word {
        throw ValidationError(
          "--interpolate gives totals, documents and lines, not "
            + (calibration ? "--calibration" : "--per \(per.rawValue)"))
      }
      if contextOptions.condition != nil {
        throw ValidationError("--condition is for one model: leave --interpolate away")
      }
    }
    if calibration, contextOptions.condition != nil {
      throw ValidationError("--calibration is of whole texts: leave --condition away")
    }
    if copied.copiedFrom != nil, !novelty {
      throw ValidationError("--copied-from changes nothing without --novelty")
    }
    if novelty {
      if per != .total || calibration || adaptation.isWanted || interpolation.isWanted
        || contextOptions.isGiven || contextOptions.exact
      {
        throw ValidationError(
          "--novelty measures no probabilities: leave --per, --exact, --context, --condition, "
            + "--calibration, --interpolate, --cache and --dynamic away")
      }
      if copied.copiedFrom == "-", files.isEmpty || files.contains("-") {
        throw ValidationError("standard input (-) can be given only once")
      }
    }
    guard let adapting = adaptation.option else { return }
    if calibration {
      throw ValidationError(
        "--calibration is of the model as it is, and \(adapting) changes it: leave one out")
    }
    if let context = contextOptions.context, context != .carried {
      throw ValidationError(
        "\(adapting) reads whole documents, and --context \(context.rawValue) does not: leave one out"
      )
    }
    if contextOptions.condition != nil {
      throw ValidationError(
        "\(adapting) reads each document from its start, and --condition from before it: leave one out"
      )
    }
    if per == .line || per == .word || per == .token {
      throw ValidationError(
        "\(adapting) gives totals and documents, not --per \(per.rawValue): leave one out")
    }
    if contextOptions.exact {
      throw ValidationError("--exact is how \(adapting) reads anyway: leave it out")
    }
  }

  var context: ScoringContext { contextOptions.scoring }

  func run() throws {
    try shared.apply()
    let model = try modelOptions.load(shared.output)
    shared.noteEngine(precision.forMeasuring)
    if lineOption != nil { return try printLines(model) }
    let rules = reading.rules(for: model)
    let documents = try documents(rules)
    if novelty { return try printNovelty(model, documents, rules) }
    let mixture = try interpolation.mixture(
      with: model, at: modelOptions.path, rules, precision: precision.forMeasuring, shared.output)
    if calibration {
      try printCalibration(model, documents)
      return
    }
    // Their rows have no place for it.
    if per == .line || per == .word || per == .token {
      try shared.note("signature: " + signature(model, mixture))
    }
    switch per {
    case .total: try printTotal(model, mixture, documents)
    case .document: try printDocuments(model, mixture, documents)
    case .line: try printLines(model, mixture, documents)
    case .word: try printWords(model, documents)
    case .token: try printTokens(model, documents)
    }
  }

  /// Where one document of a file ends is measured like its characters.
  var measuresEnds: Bool { reading.rules().documents.separatesWithinFiles }

  /// What one or more documents cost.
  struct Result {
    var evaluation: Evaluation
    /// More of it, where one model read them as it is.
    var details: ScoreDetails?
  }

  private func evaluate(
    _ model: TextModel, _ mixture: ModelMixture?, _ documents: [Document]
  ) throws -> (results: [Result], tokensPerSecond: Double) {
    let clock = ContinuousClock()
    let start = clock.now
    let (texts, format) = (documents.map(\.text), precision.forMeasuring)
    let results: [Result]
    if let mixture {
      results = try mixture.score(
        texts, includesEnds: measuresEnds, precision: format, context: context
      ).map { Result(evaluation: $0) }
    } else if adaptation.isWanted {
      results = try model.score(
        texts, includesEnds: measuresEnds, adapting: adaptation.adaptation(), precision: format
      ).map { Result(evaluation: $0) }
    } else {
      results = try model.scoreDetails(
        texts, condition: contextOptions.before, includesEnds: measuresEnds, precision: format,
        context: context
      ).map { Result(evaluation: $0.evaluation, details: $0.details) }
    }
    let seconds = (clock.now - start) / .seconds(1)
    let tokens = results.reduce(0) { $0 + $1.evaluation.tokenCount }
    return (results, Double(tokens) / seconds)
  }

  private func printTotal(
    _ model: TextModel, _ mixture: ModelMixture?, _ documents: [Document]
  ) throws {
    let (results, speed) = try evaluate(model, mixture, documents)
    let isAsItIs = mixture == nil && !adaptation.isWanted
    var total =
      results.first
      ?? Result(evaluation: Evaluation(), details: isAsItIs ? ScoreDetails() : nil)
    for result in results.dropFirst() {
      total.evaluation = total.evaluation + result.evaluation
      if let (left, right) = total.details.flatMap({ left in result.details.map { (left, $0) } }) {
        total.details = left + right
      }
    }
    let name =
      documents.isEmpty || documents.count > 16
      ? "\(documents.count) documents" : documents.map(\.name).joined(separator: " ")
    try show(total, name: name, speed, model, mixture)
  }

  private func printDocuments(
    _ model: TextModel, _ mixture: ModelMixture?, _ documents: [Document]
  ) throws {
    let (results, speed) = try evaluate(model, mixture, documents)
    for (index, (document, result)) in zip(documents, results).enumerated() {
      if index > 0 && shared.format == .text { try Console.standardOutput("\n") }
      try show(result, name: document.name, speed, model, mixture)
    }
  }

  private func show(
    _ result: Result, name: String, _ speed: Double, _ model: TextModel, _ mixture: ModelMixture?
  ) throws {
    let (evaluation, signature) = (result.evaluation, try signature(model, mixture))
    switch shared.format {
    case .json:
      var row = evaluation.scoreJSON(document: name, tokensPerSecond: speed)
      for member in result.details?.members ?? [] { row.append(member.0, member.1) }
      if adaptation.isWanted { row.append("adaptation", try adaptation.adaptation().json) }
      if let mixture { row.append("interpolation", mixture.json) }
      row.append("signature", JSONValue(signature))
      try Console.standardOutput(JSONValue.object(row).text(nonFinite: .null) + "\n")
    case .text:
      let mixed = mixture.map { [("interpolated", $0.summary)] } ?? []
      let adapted =
        adaptation.isWanted ? [("adapted by", try adaptation.adaptation().summary)] : []
      let rows =
        mixed + adapted + evaluation.rows(name: name) + (result.details?.rows(evaluation) ?? []) + [
          ("tokens per second", Numbers.rate(speed)), ("signature", signature),
        ]
      for (label, value) in rows {
        let padding = String(repeating: " ", count: 20 - label.count)
        try Console.standardOutput(untrusted: label + padding + value)
        try Console.standardOutput("\n")
      }
    }
  }

  /// Lines are read on one after the other, each with all before it in mind.
  private func printLines(
    _ model: TextModel, _ mixture: ModelMixture?, _ documents: [Document]
  ) throws {
    for document in documents {
      let (text, format) = (document.text, precision.forMeasuring)
      let scores =
        mixture?.scoreLines(
          text, includesEnd: measuresEnds, precision: format, context: context)
        ?? model.scoreLines(
          text, condition: contextOptions.before, includesEnd: measuresEnds, precision: format,
          context: context)
      for (number, line) in scores.enumerated() {
        switch shared.format {
        case .json:
          var object = JSONObject()
          object.append("document", JSONValue(document.name))
          object.append("line", JSONValue(number + 1))
          object.append("text", JSONValue(line.text))
          for member in line.evaluation.scoreMembers { object.append(member.0, member.1) }
          try Console.standardOutput(JSONValue.object(object).text(nonFinite: .null) + "\n")
        case .text:
          try Console.standardOutput(
            Numbers.fixed(line.evaluation.nats, 3) + "\t"
              + Numbers.fixed(line.evaluation.bitsPerCharacter, 4) + "\t")
          try Console.standardOutput(untrusted: line.text)
          try Console.standardOutput("\n")
        }
      }
    }
  }

  private func printWords(_ model: TextModel, _ documents: [Document]) throws {
    for document in documents {
      let words = model.scoreWords(
        document.text, condition: contextOptions.before, includesEnd: measuresEnds,
        precision: precision.forMeasuring, context: context)
      for (number, word) in words.enumerated() {
        switch shared.format {
        case .json:
          let row: JSONValue = [
            "document": JSONValue(document.name), "word": JSONValue(number + 1),
            "text": JSONValue(word.text), "nats": JSONValue(word.nats),
            "tokens": JSONValue(word.tokenCount), "unknown": JSONValue(word.unknownCount),
          ]
          try Console.standardOutput(row.text(nonFinite: .null) + "\n")
        case .text:
          try Console.standardOutput(Numbers.fixed(word.nats, 4) + "\t")
          try Console.standardOutput(untrusted: word.text)
          try Console.standardOutput("\n")
        }
      }
    }
  }

  private func printTokens(_ model: TextModel, _ documents: [Document]) throws {
    var index = 0
    for document in documents {
      let scores = model.scoreTokens(
        document.text, condition: contextOptions.before, includesEnd: measuresEnds,
        precision: precision.forMeasuring, context: context)
      var lines = ""
      for score in scores {
        let text = model.tokenizer.text(of: score.token)
        switch shared.format {
        case .json:
          let row: JSONValue = [
            "index": JSONValue(index), "text": JSONValue(text), "nats": JSONValue(score.nats),
            "rank": JSONValue(score.rank),
          ]
          lines += try row.text(nonFinite: .null) + "\n"
        case .text:
          // A tab or a line end in the text would break the table: they are always shown.
          lines +=
            "\(index)\t\(TerminalText.visible(text))\t\(Numbers.fixed(score.nats, 4))\t\(score.rank)\n"
        }
        index += 1
      }
      try Console.standardOutput(lines)
    }
  }
}
