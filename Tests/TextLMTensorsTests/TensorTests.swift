import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Tensors")
struct TensorTests {
  private let tensor = Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2])

  @Test func makingAndReading() {
    #expect(tensor.shape == [3, 2] && tensor.shape.count == 6)
    #expect(tensor.array == [1, 2, 3, 4, 5, 6])
    #expect(Tensor(zeros: [2]).array == [0, 0])
    #expect(Tensor(repeating: 7, shape: [1, 2]).array == [7, 7])
    #expect(Tensor(3).item == 3 && Tensor(3).shape == [])
    #expect(Tensor([], shape: [0, 5]).array.isEmpty)
    #expect(tensor.withUnsafeBuffer { $0[4] } == 5)
    #expect(tensor.description == "Tensor [3, 2]: 1.0, 2.0, 3.0, 4.0, 5.0, 6.0")
  }

  @Test("Memory begins on a 64-byte boundary")
  func alignment() {
    for count in [1, 3, 17, 1000] {
      let address = Tensor(zeros: [count]).withUnsafeBuffer { Int(bitPattern: $0.baseAddress) }
      #expect(address % 64 == 0)
    }
  }

  @Test func slicesAndStacksAreInverses() {
    let (top, rest) = (tensor[rows: 0..<1], tensor[rows: 1..<3])
    #expect(top.shape == [1, 2] && top.array == [1, 2])
    #expect(rest.shape == [2, 2] && rest.array == [3, 4, 5, 6])
    #expect(rest[rows: 1..<2].array == [5, 6], "a slice of a slice")
    #expect(tensor[rows: 1..<1].array.isEmpty)
    #expect(Tensor(stacking: [top, rest]).array == tensor.array)
    #expect(Tensor(stacking: [rest, top, top]).array == [3, 4, 5, 6, 1, 2, 1, 2])
  }

  @Test("Reshaping keeps the identity, everything else makes a new one")
  func identity() {
    #expect(tensor.reshaped(to: [6]).id == tensor.id)
    #expect(tensor.reshaped(to: [2, 3]).array == tensor.array)
    #expect(tensor.detached().id != tensor.id)
    #expect(tensor[rows: 0..<3].id != tensor.id)
    #expect(Tensor(1).id != Tensor(1).id)
  }

  @Test("The greatest over time is the first of them within each row's length")
  func greatestOverTime() {
    let (time, batch, width) = (9, 4, 37)
    // Few different values, so that many steps have the greatest one.
    let elements = fill(1, [time, batch, width], 3).array.map { $0.rounded() }
    let lengths = [9, 1, 4, 8]
    let found = Tensor(elements, shape: [time, batch, width]).greatestOverTime(lengths: lengths)
    for row in 0..<batch {
      for column in 0..<width {
        let places = (0..<lengths[row]).map { ($0 * batch + row) * width + column }
        let greatest = places.map { elements[$0] }.reduce(-.infinity, max)
        #expect(found.values.array[row * width + column] == greatest)
        let first = places.first { elements[$0] == greatest }
        #expect(found.places[row * width + column] == first)
      }
    }
  }

  @Test("isFinite", arguments: [Float.nan, .infinity, -.infinity])
  func finiteness(bad: Float) {
    #expect(tensor.isFinite)
    var values = [Float](repeating: 0, count: 1000)
    values[777] = bad
    #expect(!Tensor(values, shape: [10, 100]).isFinite)
  }

  @Test("A shape bug stops the program, naming the operation and both sizes")
  func shapeBugs() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor.product(
        Tensor(zeros: [32, 128]), Tensor(zeros: [64, 256]), precision: .float32)
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("matmul: [32, 128] x [64, 256]: inner sizes 128 and 64 differ"))
  }
}
