import Foundation
import TextLM
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Anomalies among lines")
struct AnomalyTests {
  typealias Line = (characterCount: Int, nats: Double)

  @Test("Of lines on a straight line, whatever is above it is an anomaly")
  func straight() throws {
    let lines = (1...99).map { (characterCount: $0, nats: 3 + 2 * Double($0)) }
    let rule = try AnomalyRule(normalLines: lines, rate: 0.01)
    // The medians of the thirds are (17, 37) and (83, 169).
    #expect(rule.characterNats == 2 && rule.lineNats == 3 && rule.threshold == 0)
    #expect(rule.limit(characterCount: 10) == 2.3)
    #expect(!rule.isAnomaly(characterCount: 10, nats: 23))
    #expect(rule.isAnomaly(characterCount: 10, nats: 23.001))
  }

  @Test("The threshold is a quantile of the normal lines")
  func quantile() throws {
    // Ten characters each, of 1 to 99 nats.
    let lines = (1...99).map { (characterCount: 10, nats: Double($0 * 37 % 100)) }
    #expect(Set(lines.map(\.nats)).count == 99)
    for (rate, greatest) in [(0.01, 99.0), (0.02, 98), (0.1, 90), (0.5, 50)] {
      let rule = try AnomalyRule(normalLines: lines, rate: rate)
      #expect(rule.rate == rate && rule.lineCount == 99)
      expectClose(
        rule.limit(characterCount: 10), greatest / 10, tolerance: 1e-9, "rate \(rate)")
      let found = lines.filter { rule.isAnomaly(characterCount: 10, nats: $0.nats) }
      #expect(found.count == 99 - Int(greatest))
    }
  }

  @Test("Too few lines, and rates that are none, are refused")
  func refusals() throws {
    let lines = (1...98).map { (characterCount: $0, nats: Double($0)) }
    #expect(throws: AnomalyError.tooFewLines(count: 98, needed: 99, rate: 0.01)) {
      try AnomalyRule(normalLines: lines, rate: 0.01)
    }
    #expect(throws: AnomalyError.tooFewLines(count: 0, needed: 1, rate: 0.5)) {
      // A line without characters is none.
      try AnomalyRule(normalLines: [(0, 0)], rate: 0.5)
    }
    for rate in [0, 1, -0.1, 2, Double.nan] {
      #expect(throws: AnomalyError.self) { try AnomalyRule(normalLines: lines, rate: rate) }
    }
    #expect(try AnomalyRule(normalLines: [(5, 7)], rate: 0.5).limit(characterCount: 5) == 1.4)
    let text = "\(AnomalyError.tooFewLines(count: 98, needed: 99, rate: 0.01))"
    #expect(text.contains("98 lines") && text.contains("one in 100") && text.contains("give 99"))
  }

  /// Lines of 2 to 201 characters that cost 2 nats a character, with errors that characters have by
  /// themselves and errors that whole lines have.
  private func lines(
    _ count: Int, ofCharacters: Double, ofLines: Double, _ random: inout RandomSource
  ) -> [Line] {
    (0..<count).map { _ in
      // The sum of twelve uniform numbers has the deviation 1.
      func normal() -> Double {
        (0..<12).reduce(-6) { sum, _ in sum + Double(random.nextInt(below: 1 << 20)) / 0x1p20 }
      }
      let length = 2 + random.nextInt(below: 200)
      let error =
        ofCharacters * Double(length).squareRoot() * normal()
        + ofLines * Double(length) * normal()
      return (length, 5 + 2 * Double(length) + error)
    }
  }

  @Test(
    "Short and long lines are taken for anomalies about as often as was asked for",
    arguments: [(1.5, 0.0), (1.5, 0.3), (0.0, 0.3)])
  func falseAlarms(ofCharacters: Double, ofLines: Double) throws {
    var random = RandomSource(seed: 11)
    let normal = lines(3000, ofCharacters: ofCharacters, ofLines: ofLines, &random)
    let rule = try AnomalyRule(normalLines: normal, rate: 0.05)
    expectClose(rule.characterNats, 2, tolerance: 0.04, "nats per character")
    let other = lines(8000, ofCharacters: ofCharacters, ofLines: ofLines, &random)
    func share(_ lines: [Line]) -> Double {
      Double(lines.count { rule.isAnomaly(characterCount: $0.characterCount, nats: $0.nats) })
        / Double(lines.count)
    }
    // Of 8,000 with 0.05 the deviation is 0.0024, and the threshold's own 0.004.
    #expect(abs(share(other) - 0.05) < 0.015)
    let short = share(other.filter { $0.characterCount < 50 })
    let long = share(other.filter { $0.characterCount >= 50 })
    #expect(short > 0.02 && short < 0.09, "short lines \(short)")
    #expect(long > 0.025 && long < 0.08, "long lines \(long)")
    if ofLines == 0 {
      // The shorter a line, the more each character of it may cost.
      #expect(rule.limit(characterCount: 5) > rule.limit(characterCount: 50) + 0.5)
    }
  }

  @Test("A few wild lines among the normal ones change what is expected by little")
  func wildLines() throws {
    var random = RandomSource(seed: 12)
    var normal = lines(1000, ofCharacters: 1, ofLines: 0.1, &random)
    let plain = try AnomalyRule(normalLines: normal, rate: 0.1)
    for index in 0..<50 { normal[index * 20].nats *= 10 }
    let other = try AnomalyRule(normalLines: normal, rate: 0.1)
    expectClose(other.characterNats, plain.characterNats, tolerance: 0.03, "nats per character")
    for count in [10, 100, 200] {
      let (own, others) = (plain.limit(characterCount: count), other.limit(characterCount: count))
      #expect(others > own * 0.97 && others < own * 1.25, "\(count) characters")
    }
  }

  @Test("Lines of letters in another order cost more than what a model knows")
  func textOfAnotherKind() throws {
    let trained = try LineModel(SmallTexts.prose(20_000))
    var meter = LineMeter(LineScorer(trained.model))
    var cutter = LineCutter()
    let normal = SmallTexts.prose(20_000, seed: 2)
    let costs = meter.read(cutter.add(Array(normal.utf8)))
    let rule = try AnomalyRule(
      normalLines: costs.map { ($0.characterCount, $0.nats) }, rate: 0.02)
    let odd = ["eht aes saw mlac.\n", "gnar lleb a\n", "the sea was calm.\n"]
    var other = LineCutter()
    let found = meter.read(other.add(Array(odd.joined().utf8))).map {
      rule.isAnomaly(characterCount: $0.characterCount, nats: $0.nats)
    }
    #expect(found == [true, true, false])
  }
}
