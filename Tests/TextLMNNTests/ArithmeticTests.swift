import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Arithmetic of unequal shapes, functions of elements, steps")
struct ArithmeticTests {
  private let x = fill(1, [2, 3, 4], 1)  // [T, B, D]
  private let positive = Tensor((0..<24).map { 0.5 + Float($0 * 7 % 24) / 12 }, shape: [2, 3, 4])
  private let pass = ForwardPass.inference()

  private static let shapes: [[Int]] = [
    [2, 3, 4], [3, 4], [4], [1], [], [2, 1, 4], [2, 3, 1], [1, 3, 1], [2, 1, 1], [1, 1, 1],
  ]

  @Test("Operands that are repeated", arguments: shapes, shapes)
  func broadcasting(left: [Int], right: [Int]) throws {
    let (leftShape, rightShape) = (Shape(left), Shape(right))
    let (a, b) = (fill(2, leftShape, 1), fill(3, rightShape, 1))
    let whole = try #require(leftShape.broadcast(with: rightShape))
    func element(_ tensor: Tensor, at place: [Int]) -> Float {
      let offset = place.count - tensor.shape.rank
      let index = tensor.shape.dimensions.enumerated().reduce(0) { index, axis in
        index * axis.element + place[axis.offset + offset] % axis.element
      }
      return tensor.array[index]
    }
    let places = (0..<whole.count).map { index in
      var rest = index
      return Array(
        whole.dimensions.reversed().map { size in
          defer { rest /= size }
          return rest % size
        }.reversed())
    }
    func expected(_ combine: (Float, Float) -> Float) -> [Float] {
      places.map { combine(element(a, at: $0), element(b, at: $0)) }
    }
    #expect(pass.add(a, b).shape == whole)
    #expect(pass.add(a, b).array == expected(+))
    #expect(pass.subtract(a, b).array == expected(-))
    #expect(pass.multiply(a, b).array == expected(*))
    checkGradients("add", inputs: [a, b]) { $0.add($1[0], $1[1]) }
    checkGradients("subtract", inputs: [a, b]) { $0.subtract($1[0], $1[1]) }
    checkGradients("multiply", inputs: [a, b]) { $0.multiply($1[0], $1[1]) }
  }

  @Test("Shapes that do not fit have none in common")
  func unequalShapes() {
    #expect(Shape([2, 3]).broadcast(with: [2]) == nil)
    #expect(Shape([2, 3]).broadcast(with: [3, 1]) == nil)
    #expect(Shape([2, 0]).broadcast(with: [1]) == [2, 0])
  }

  @Test("Large operands, whose work is shared between threads")
  func largeOperands() {
    let (rows, columns) = (301, 203)
    let a = fill(1, [rows, 1], 1), b = fill(2, [columns], 1)
    let (left, right) = (a.array, b.array)
    let product = pass.multiply(a, b).array
    #expect(product == left.flatMap { x in right.map { x * $0 } })
    let whole = pass.add(fill(3, [rows, columns], 1), Tensor(2)).array
    #expect(whole == fill(3, [rows, columns], 1).array.map { $0 + 2 })
  }

  @Test(arguments: 0..<3)
  func sums(axis: Int) {
    let sizes = x.shape.dimensions
    let inner = sizes[(axis + 1)...].reduce(1, *)
    let values = x.array
    let outer = sizes[..<axis].reduce(1, *)
    let expected = (0..<outer).flatMap { row in
      (0..<inner).map { column in
        (0..<sizes[axis]).reduce(0) { sum, place in
          sum + Double(values[(row * sizes[axis] + place) * inner + column])
        }
      }
    }
    let sum = pass.sum(x, axis: axis)
    #expect(sum.shape.rank == 2 && pass.sum(x, axis: axis, keepingAxis: true).shape[axis] == 1)
    expectClose(sum.array.map(Double.init), expected, tolerance: 1e-6, "sums")
    checkGradients("sum", inputs: [x]) { $0.square($0.sum($1[0], axis: axis)) }
  }

  @Test func functionsOfElements() {
    checkGradients("exp", inputs: [x]) { $0.exp($1[0]) }
    checkGradients("log", inputs: [positive]) { $0.log($1[0]) }
    checkGradients("softplus", inputs: [x]) { $0.softplus($0.scale($1[0], by: 3)) }
    checkGradients("square", inputs: [x]) { $0.square($1[0]) }
    checkGradients("sqrt", inputs: [positive]) { $0.sqrt($1[0]) }
    checkGradients("reciprocal", inputs: [positive]) { $0.reciprocal($1[0]) }
    checkGradients("scale", inputs: [x]) { $0.scale($1[0], by: -1.5) }
    checkGradients("add a number", inputs: [x]) { $0.square($0.add($1[0], 0.25)) }
  }

  @Test("Steps of a sequence, and parts of it, go apart and together again")
  func steps() {
    let sequence = fill(4, [5, 3, 2], 1)
    let steps = pass.steps(of: sequence)
    #expect(steps.count == 5 && steps[3].shape == [3, 2])
    #expect(steps[3].array == sequence[rows: 3..<4].array)
    #expect(pass.sequence(of: steps).array == sequence.array)
    #expect(pass.splitInTime(sequence, lengths: [2, 0, 3]).map { $0.shape[0] } == [2, 0, 3])
    checkGradients("steps, of which one is left out", inputs: [sequence]) { pass, inputs in
      let steps = pass.steps(of: inputs[0])
      return pass.sequence(of: [steps[4], pass.square(steps[0]), steps[2], steps[4], steps[1]])
    }
    checkGradients("parts", inputs: [sequence]) { pass, inputs in
      let parts = pass.splitInTime(inputs[0], lengths: [1, 4])
      return pass.joinInTime([pass.tanh(parts[1]), parts[0]])
    }
  }

  @Test func oneHotRows() {
    let rows = Tensor(oneHot: [2, -1, 0], width: 3)
    #expect(rows.shape == [3, 3])
    #expect(rows.array == [0, 0, 1, 0, 0, 0, 1, 0, 0])
  }
}
