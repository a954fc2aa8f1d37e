import Foundation
import TextLM
import TextLMTensors
import Testing

@Suite("Range coding")
struct RangeCodingTests {
  /// Choices of a made-up distribution, some of them nearly certain and some nearly impossible.
  private static func choices(
    _ count: Int, seed: UInt64
  ) -> [(start: UInt64, size: UInt64, total: UInt64)] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in
      let total = 1 + UInt64(random.nextInt(below: 1 << (1 + random.nextInt(below: 33))))
      let start = UInt64(random.nextInt(below: Int(total)))
      let size = 1 + UInt64(random.nextInt(below: Int(total - start)))
      return (start, size, total)
    }
  }

  /// The first choice takes the second half of [0, 2⁵⁶), the next two its last quarter; the least number
  /// of one byte from 7/8 on is 0xE0.
  @Test("Halves are bits")
  func halves() {
    var encoder = RangeEncoder()
    encoder.encode(1, below: 2)
    encoder.encode(3, below: 4)
    #expect(encoder.finish() == [0xE0])
    var bytes = RangeEncoder()
    for byte in [0, 255, 7] as [UInt64] { bytes.encode(byte, below: 256) }
    #expect(bytes.finish() == [0, 255, 7])
    #expect(RangeEncoder().finish().isEmpty)
  }

  @Test("What is written is read, in as many bits as it is worth", arguments: 1...20)
  func roundTrip(seed: UInt64) {
    let choices = Self.choices(3000, seed: seed)
    var encoder = RangeEncoder()
    var bits = 0.0
    for choice in choices {
      encoder.encode(start: choice.start, size: choice.size, total: choice.total)
      bits += log2(Double(choice.total) / Double(choice.size))
    }
    let bytes = encoder.finish()
    #expect(Double(bytes.count * 8) < bits * 1.0001 + 9)
    #expect(Double(bytes.count * 8) > bits - 1)
    var decoder = RangeDecoder([1, 2] + bytes + [3], in: 2..<bytes.count + 2)
    for choice in choices {
      let point = decoder.point(below: choice.total)
      #expect(point >= choice.start && point < choice.start + choice.size)
      decoder.accept(start: choice.start, size: choice.size)
    }
    #expect(!decoder.isPastEnd)
  }

  /// Ever the last of 255 parts of 256 keeps the number just below a border, so that ones pile up.
  @Test("A sum that runs over is carried through all ones")
  func carries() {
    let values = [UInt64](repeating: 2, count: 400) + [1, 2, 0, 2, 2, 1]
    var encoder = RangeEncoder()
    for value in values { encoder.encode(value, below: 3) }
    let bytes = encoder.finish()
    var decoder = RangeDecoder(bytes, in: 0..<bytes.count)
    #expect(values.map { _ in decoder.decode(below: 3) } == values)
  }

  @Test("What is cut off is noticed sooner or later, and nothing traps")
  func cut() {
    var decoder = RangeDecoder([], in: 0..<0)
    for _ in 0..<100 { _ = decoder.decode(below: 7) }
    #expect(decoder.isPastEnd)
    var noise = RangeDecoder([UInt8](repeating: 0xFF, count: 50), in: 0..<50)
    for _ in 0..<100 { _ = noise.decode(below: 1000) }
    #expect(noise.isPastEnd)
  }

  /// e⁰ : e^(ln 3) is 1 : 3, so the second token has three quarters of 2³² parts and one.
  @Test("Probabilities become parts, and every token has some")
  func frequencies() {
    var frequencies = TokenFrequencies()
    frequencies.take([0, Float(log(3.0)), -.infinity])
    let (first, second, third) = (
      frequencies.parts(of: 0), frequencies.parts(of: 1), frequencies.parts(of: 2)
    )
    #expect(first.start == 0 && abs(Double(first.size) - 0x1p30) < 1000)
    #expect(second.start == first.size && abs(Double(second.size) - 3 * 0x1p30) < 1000)
    #expect(third.start == second.start + second.size && third.size == 1)
    #expect(frequencies.total == third.start + 1)
    #expect(abs(frequencies.bits(of: 0) - 2) < 1e-6)
    for token in [0, 1, 2] as [TokenID] {
      let parts = frequencies.parts(of: token)
      for point in [parts.start, parts.start + parts.size - 1] {
        let found = frequencies.token(at: point)
        #expect(found.token == token && found.start == parts.start && found.size == parts.size)
      }
    }
    frequencies.take([.nan, .infinity, 0])
    #expect(frequencies.total == 3)
  }

  @Test("Stretches have the same length, and the file's number of them gives the same ones")
  func stretches() {
    #expect(SymbolStretches(symbolCount: 0, count: nil).count == 0)
    #expect(SymbolStretches(symbolCount: 60_000, count: nil).count == 1)
    #expect(SymbolStretches(symbolCount: 100_000, count: nil).count == 3)
    #expect(SymbolStretches(symbolCount: 1 << 28, count: nil).count == 64)
    for count in 1...64 {
      for symbolCount in 1...200 {
        let stretches = SymbolStretches(symbolCount: symbolCount, count: count)
        #expect(stretches.count <= count)
        #expect(SymbolStretches(symbolCount: symbolCount, count: stretches.count) == stretches)
        let places = (0..<stretches.length).flatMap { step in
          (0..<stretches.count).compactMap { stretches.symbol(step, of: $0) }
        }
        #expect(places.sorted() == Array(0..<symbolCount))
      }
    }
  }
}
