import Foundation
import TextLMTensors
import Testing

@Suite("Random source")
struct RandomSourceTests {
  @Test("xoshiro256** from the state 1, 2, 3, 4")
  func generator() throws {
    // The vector of the rand_xoshiro crate, made with Blackman and Vigna's xoshiro256starstar.c.
    var source = try #require(RandomSource("0:1:2:3:4"))
    let expected: [UInt64] = [
      11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360,
      607_988_272_756_665_600, 16_172_922_978_634_559_625, 8_476_171_486_693_032_832,
      10_595_114_339_597_558_777, 2_904_607_092_377_533_576,
    ]
    #expect((0..<10).map { _ in source.next() } == expected)
  }

  @Test("A seed becomes a state through SplitMix64")
  func seeding() {
    // The first four numbers of Vigna's splitmix64.c for the seed 1234567, also Rosetta Code's.
    let state: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431,
    ]
    let expected = ([1_234_567] + state).map { String($0, radix: 16) }.joined(separator: ":")
    #expect(RandomSource(seed: 1_234_567).description == expected)
  }

  @Test("A stream depends on seed and name, not on what was drawn, and draws nothing")
  func streams() {
    var source = RandomSource(seed: 9)
    let early = source.stream("dropout")
    let before = source
    _ = source.stream("data")
    #expect(source == before)
    _ = source.next()
    #expect(source.stream("dropout") == early)
    let others = [
      source.stream("data"), source.stream(""), source.stream("dropou"), source.stream("dropout\0"),
      source.stream("drop").stream("out"), RandomSource(seed: 10).stream("dropout"), before,
    ]
    for other in others { #expect(other.seed != early.seed) }
  }

  @Test("Uniform and normal numbers have the moments they should")
  func moments() {
    var source = RandomSource(seed: 4)
    let count = 40_000
    let uniform = (0..<count).map { _ in source.nextUniform() }
    #expect(uniform.allSatisfy { 0 <= $0 && $0 < 1 })
    // Five standard errors: σ/√n, where σ² is 1/12 for a uniform number and 4/45 of ¼² for its
    // squared deviation.
    let mean = uniform.reduce(0, +) / Double(count)
    #expect(abs(mean - 0.5) < 5 * (1.0 / 12 / Double(count)).squareRoot())
    let normal = (0..<count).map { _ in source.nextNormal() }
    #expect(abs(normal.reduce(0, +) / Double(count)) < 5 / Double(count).squareRoot())
    let variance = normal.reduce(0) { $0 + $1 * $1 } / Double(count)
    #expect(abs(variance - 1) < 5 * (2 / Double(count)).squareRoot())
    // P(|x| > 2) = 0.0455.
    let tail = Double(normal.count { abs($0) > 2 }) / Double(count)
    #expect(abs(tail - 0.0455) < 5 * (0.0455 * 0.9545 / Double(count)).squareRoot())
  }

  @Test("All results below a bound are equally likely", arguments: [1, 2, 3, 7, 100])
  func bounded(bound: Int) {
    var source = RandomSource(seed: 5)
    let count = 20_000
    var hits = [Int](repeating: 0, count: bound)
    for _ in 0..<count { hits[source.nextInt(below: bound)] += 1 }
    // χ² has bound − 1 degrees of freedom: mean bound − 1, variance twice that.
    let expected = Double(count) / Double(bound)
    let chiSquared = hits.reduce(0) {
      $0 + (Double($1) - expected) * (Double($1) - expected) / expected
    }
    #expect(chiSquared <= Double(bound - 1) + 6 * Double(2 * bound).squareRoot())
  }

  @Test("A great bound is no less evenly hit in its upper third")
  func greatBound() {
    // Taking a remainder of 64 bits would hit the lower third of 3 · 2⁶¹ twice as often as the
    // rest.
    var source = RandomSource(seed: 6)
    let third = 1 << 61
    let inUpperThird = (0..<9000).count { _ in source.nextInt(below: 3 * third) >= 2 * third }
    #expect(abs(Double(inUpperThird) - 3000) < 5 * (9000.0 * 2 / 9).squareRoot())
  }

  @Test("Shuffling keeps the elements, and every order comes up")
  func shuffling() {
    var source = RandomSource(seed: 7)
    #expect(source.shuffled(0..<100).sorted() == Array(0..<100))
    var orders: [[Int]: Int] = [:]
    for _ in 0..<6000 { orders[source.shuffled([1, 2, 3]), default: 0] += 1 }
    #expect(orders.count == 6)
    #expect(
      orders.values.allSatisfy { abs(Double($0) - 1000) < 5 * (6000.0 * 5 / 36).squareRoot() })
  }

  @Test("A source that was written down goes on as the one that was not")
  func coding() throws {
    var source = RandomSource(seed: .max)
    _ = source.next()
    var decoded = try JSONDecoder().decode(RandomSource.self, from: JSONEncoder().encode(source))
    #expect(decoded == source)
    #expect(decoded.next() == source.next())
    #expect(decoded.stream("a") == source.stream("a"))
  }

  @Test(
    "What is no state is refused",
    arguments: ["", "1:2:3:4", "1:2:3:4:5:6", "0:0:0:0:0", "1:2:3:4:x", "1:2:3::5", "1:-2:3:4:5"])
  func badStates(text: String) {
    #expect(RandomSource(text) == nil)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([RandomSource].self, from: JSONEncoder().encode([text]))
    }
  }
}
