import Foundation
import TextLM
import TextLMTestSupport
import Testing

@Suite("Comparisons of scores")
struct ScoreComparisonTests {
  private func blocks(_ differences: [Double], size: Int = 10) -> [ScoreComparison.Block] {
    differences.map {
      .init(characterCount: size, firstNats: 20, secondNats: 20 + $0 * log(2))
    }
  }

  @Test("The same difference everywhere is certain")
  func constant() throws {
    let result = ScoreComparison(blocks([1, 1, 1, 1]))
    // One bit for ten characters.
    expectClose(result.difference, 0.1, tolerance: 1e-12, "difference")
    let interval = try #require(result.interval)
    expectClose(interval.lowerBound, 0.1, tolerance: 1e-12, "low")
    expectClose(interval.upperBound, 0.1, tolerance: 1e-12, "high")
    #expect(result.verdict == .first && result.blockCount == 4 && result.characterCount == 40)
    #expect(ScoreComparison(blocks([-1, -1])).verdict == .second)
  }

  @Test("As many gains as losses, and a single block, tell nothing")
  func undecided() throws {
    let result = ScoreComparison(blocks((0..<50).map { $0.isMultiple(of: 2) ? 1 : -1 }))
    let interval = try #require(result.interval)
    #expect(interval.contains(0) && result.verdict == .undecided)
    // A mean of 50 draws of ±0.1 has the deviation 0.1 / √50; 95 % are within 1.96 of it.
    let expected = 1.96 * 0.1 / 50.0.squareRoot()
    expectClose(interval.upperBound, expected, tolerance: 0.004, "high")
    expectClose(interval.lowerBound, -expected, tolerance: 0.004, "low")
    #expect(ScoreComparison(blocks([5])).interval == nil)
    #expect(ScoreComparison(blocks([5])).verdict == .undecided)
    #expect(result == ScoreComparison(blocks((0..<50).map { $0.isMultiple(of: 2) ? 1 : -1 })))
  }

  @Test("Blocks divide the characters and the costs of a text", arguments: [1, 7, 20, 1000])
  func cutting(length: Int) throws {
    let (first, second) = (try TestModel(steps: 5), try TestModel("gru", steps: 5))
    let text = UTF8Text("the sea wäs calm 日本 and a bell rang")
    let count = 35
    for ends in [false, true] {
      let blocks = try ScoreComparison.blocks(
        of: text, first.model, second.model, blockLength: length, includesEnd: ends)
      #expect(blocks.reduce(0) { $0 + $1.characterCount } == count + (ends ? 1 : 0))
      // A rest of less than half a block belongs to the one before.
      let rest = count % length
      let expected = max(1, count / length + (2 * rest >= length && rest > 0 ? 1 : 0))
      #expect(blocks.count == expected)
      let nats = try [first, second].map { try $0.model.score([text], includesEnds: ends)[0].nats }
      expectClose(blocks.reduce(0) { $0 + $1.firstNats }, nats[0], tolerance: 1e-3, "first")
      expectClose(blocks.reduce(0) { $0 + $1.secondNats }, nats[1], tolerance: 1e-3, "second")
    }
  }

  @Test func nothingToCompare() throws {
    let model = try TestModel(steps: 1).model
    let blocks = try ScoreComparison.blocks(of: UTF8Text(""), model, model, blockLength: 10)
    let comparison = ScoreComparison(blocks)
    #expect(comparison.blockCount == 0 && comparison.difference == 0)
    #expect(comparison.interval == nil && comparison.verdict == .undecided)
  }
}
