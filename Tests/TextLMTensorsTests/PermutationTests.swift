import TextLMTensors
import Testing

@Suite("Permutations without memory")
struct PermutationTests {
  @Test(
    "Every number comes once",
    arguments: [1, 2, 3, 4, 5, 16, 17, 63, 64, 65, 1000, 4096, 10_007])
  func bijection(count: Int) {
    for key in 0..<4 as Range<UInt64> {
      let order = Permutation(count: count, key: key)
      let numbers = (0..<count).map { order[$0] }
      #expect(numbers.sorted() == Array(0..<count))
      #expect((0..<count).map { order[$0] } == numbers)
    }
  }

  @Test("Every number is equally likely at every place")
  func uniformity() {
    let (count, draws) = (7, 14_000)
    var counts = [[Int]](repeating: [Int](repeating: 0, count: count), count: count)
    for key in 0..<UInt64(draws) {
      let order = Permutation(count: count, key: key)
      for place in 0..<count { counts[place][order[place]] += 1 }
    }
    // Five standard deviations around 2,000.
    for row in counts { for number in row { #expect(abs(number - 2000) < 208) } }
  }

  @Test("Neighbours do not stay together, nor in order")
  func mixing() {
    let (count, order) = (100_000, Permutation(count: 100_000, key: 5))
    let numbers = (0..<count).map { order[$0] }
    let together = zip(numbers, numbers.dropFirst()).count { abs($0 - $1) == 1 }
    let rising = zip(numbers, numbers.dropFirst()).count { $0 < $1 }
    // About 2 neighbours are expected, and half of the pairs rise; their deviation is √(n / 12).
    #expect(together < 12)
    #expect(abs(rising - count / 2) < 500)
  }

  @Test("Keys give other orders")
  func keys() {
    let orders = (0..<50).map { key in
      (0..<100).map { Permutation(count: 100, key: UInt64(key))[$0] }
    }
    #expect(Set(orders).count == 50)
  }
}
