import Foundation
import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Initial values by their definitions")
struct InitializerTests {
  private func value(_ initializer: Initializer, _ shape: Shape, seed: UInt64 = 1) throws -> [Float]
  {
    try ParameterScope(RandomParameters(seed: seed)).parameter("p", shape, initializer).value.array
  }

  @Test func fixedInitializers() throws {
    #expect(try value(.zeros, [3]) == [0, 0, 0])
    #expect(try value(.constant(0.5), [2]) == [0.5, 0.5])
    #expect(try value(.identity, [2, 3]) == [1, 0, 0, 0, 1, 0])
    #expect(try value(.identity, [3, 2]) == [1, 0, 0, 1, 0, 0])
    #expect(try value(.lstmBias(hiddenSize: 2), [8]) == [0, 0, 1, 1, 0, 0, 0, 0])
    #expect(try value(.lstmBias(hiddenSize: 1, forget: -2), [4]) == [0, -2, 0, 0])
  }

  /// An initializer, its standard deviation for a weight [100, 400], and its greatest value if it has
  /// one.
  private static let deviations: [(Initializer, Double, Double?)] = [
    (.normal(standardDeviation: 2), 2, nil),
    (.uniform(bound: 0.5), 0.5 / 3.0.squareRoot(), 0.5),
    (.xavierUniform(), (2.0 / 500).squareRoot(), (6.0 / 500).squareRoot()),
    (.xavierUniform(gain: 3), 3 * (2.0 / 500).squareRoot(), 3 * (6.0 / 500).squareRoot()),
    (.xavierNormal(), (2.0 / 500).squareRoot(), nil),
    (.xavierNormal(gain: 5.0 / 3), 5.0 / 3 * (2.0 / 500).squareRoot(), nil),
    (.heUniform(), (2.0 / 400).squareRoot(), (6.0 / 400).squareRoot()),
    (.heUniform(gain: 1), (1.0 / 400).squareRoot(), (3.0 / 400).squareRoot()),
    (.heNormal(), (2.0 / 400).squareRoot(), nil),
    (.heNormal(gain: 1), 1.0 / 20, nil),
    (.lecunNormal, 1.0 / 20, nil),
    (.gates(count: 4, .xavierUniform()), (2.0 / 500).squareRoot(), (6.0 / 500).squareRoot()),
    (.orthogonal(), 1.0 / 20, nil),
    (.orthogonal(gain: 2), 2.0 / 20, nil),
    (.gates(count: 4, .orthogonal()), 1.0 / 20, nil),
  ]

  @Test("Moments of random initial values, within five standard errors of 40,000 draws")
  func moments() throws {
    for (initializer, deviation, bound) in Self.deviations {
      let values = try value(initializer, [100, 400]).map(Double.init)
      let mean = values.reduce(0, +) / 40_000
      let square = values.reduce(0) { $0 + $1 * $1 } / 40_000
      // Five standard errors: 5 / √40,000 times the standard deviation of what is averaged, which for
      // a square is at most √2 σ², that of normal numbers.
      #expect(abs(mean) < 5.0 / 200 * deviation, "mean of \(initializer)")
      #expect(
        abs(square - deviation * deviation)
          < 5.0 / 200 * 2.0.squareRoot() * deviation * deviation, "variance of \(initializer)")
      if let bound {
        let largest = values.map(abs).max() ?? 0
        #expect(largest <= bound && largest > 0.998 * bound, "bound of \(initializer)")
      }
    }
  }

  @Test(
    "An orthogonal matrix of any shape times its transpose is the square of its gain",
    arguments: [
      (1, 1, 1.0), (7, 7, 1), (8, 8, 2), (33, 33, 1), (5, 17, 1), (17, 5, 0.5), (1, 9, 1),
      (9, 1, 3),
    ])
  func orthogonal(rows: Int, columns: Int, gain: Double) throws {
    let values = try value(.orthogonal(gain: gain), [rows, columns]).map(Double.init)
    let (count, length) = (min(rows, columns), max(rows, columns))
    func element(_ vector: Int, _ place: Int) -> Double {
      rows <= columns ? values[vector * columns + place] : values[place * columns + vector]
    }
    for left in 0..<count {
      for right in 0...left {
        let product = (0..<length).reduce(0.0) { $0 + element(left, $1) * element(right, $1) }
        expectClose(
          product, left == right ? gain * gain : 0, tolerance: 2e-6, "\(left) and \(right)")
      }
    }
  }

  @Test("Of gates, each is an orthogonal matrix of its own", arguments: [1, 7, 8, 33])
  func gates(size: Int) throws {
    let values = try value(.gates(count: 2, .orthogonal()), [2 * size, size]).map(Double.init)
    for (left, right) in [(0, 0), (0, size - 1), (size, size), (size, 2 * size - 1)] {
      let product = (0..<size).reduce(0.0) {
        $0 + values[left * size + $1] * values[right * size + $1]
      }
      expectClose(product, left == right ? 1 : 0, tolerance: 1e-6, "rows \(left) and \(right)")
    }
    #expect(Array(values.prefix(size * size)) != Array(values.suffix(size * size)) || size == 1)
  }

  @Test(
    "Chrono: forget gates' biases are ln u for u up to the longest time, input gates' the opposite")
  func chrono() throws {
    let hidden = 10_000
    let values = try value(.chrono(hiddenSize: hidden, longest: 101), [4 * hidden]).map(Double.init)
    let forget = Array(values[hidden..<2 * hidden])
    #expect(Array(values[..<hidden]) == forget.map { -$0 })
    #expect(values[(2 * hidden)...].allSatisfy { $0 == 0 })
    // u is uniform in 1 ..< 100: mean 50.5, standard deviation 28.6; five standard errors.
    let times = forget.map { exp($0) }
    #expect(times.allSatisfy { $0 > 0.999 && $0 < 100.001 })
    #expect(abs(times.reduce(0, +) / Double(hidden) - 50.5) < 5 * 28.6 / 100)
  }
}
