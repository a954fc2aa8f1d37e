/// The sizes of a tensor along its axes, outermost first: `[2, 3]` is two rows of three.
///
/// Elements lie row by row, so the last axis is the one whose neighbours are adjacent in memory.
/// `[]` is the shape of a single number.
public struct Shape: Sendable, Hashable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// Size along each axis; none is negative.
  public let dimensions: [Int]
  /// Number of elements, the product of `dimensions`.
  public let count: Int

  /// Requires sizes that are not negative and whose product fits in an `Int`.
  public init(_ dimensions: [Int]) {
    var count = 1
    for size in dimensions {
      require(size >= 0, "shape \(dimensions): the size \(size) is negative")
      let product = count.multipliedReportingOverflow(by: size)
      require(!product.overflow, "shape \(dimensions): the number of elements does not fit in Int")
      count = product.partialValue
    }
    self.dimensions = dimensions
    self.count = count
  }

  /// The shape written out, as in `let shape: Shape = [2, 3]`.
  public init(arrayLiteral dimensions: Int...) {
    self.init(dimensions)
  }

  /// Number of axes.
  public var rank: Int { dimensions.count }

  /// The size along one axis, counted from the outermost.
  public subscript(axis: Int) -> Int { dimensions[axis] }

  /// Size of the last axis; 1 for a single number.
  public var width: Int { dimensions.last ?? 1 }

  /// Number of rows when all leading axes are taken together: `[T, B, D]` has T·B rows of width D.
  public var rowCount: Int { dimensions.dropLast().reduce(1, *) }

  /// The same leading axes with another last one.
  package func replacingWidth(_ width: Int) -> Shape {
    Shape(dimensions.dropLast() + [width])
  }

  /// The sizes in brackets, as in `[2, 3]`.
  public var description: String { "\(dimensions)" }
}
