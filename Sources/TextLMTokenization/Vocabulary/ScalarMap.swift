/// A value for every Unicode scalar, most of them the same.
///
/// A table of two levels: text keeps to few blocks of 256 scalars, and only those take room. A
/// look-up is two loads, whatever the script, and there is no hash that a text could be made to
/// collide with.
struct ScalarMap<Value: Sendable>: Sendable {
  /// The place of each block in `values`, in units of blocks; blocks without an own value share
  /// block 0.
  private var blocks: [UInt16]
  private var values: [Value]
  private let common: Value

  /// Makes a map with one value everywhere.
  init(repeating common: Value) {
    self.common = common
    blocks = Array(repeating: 0, count: 0x110000 >> 8)
    values = Array(repeating: common, count: 256)
  }

  /// The value of a scalar, which must be below 0x110000.
  subscript(scalar: UInt32) -> Value {
    @inline(__always) get {
      precondition(scalar < 0x110000)
      // Every number in `blocks` is that of a block of 256 values.
      let block = Int(blocks.span[unchecked: Int(scalar >> 8)])
      return values.span[unchecked: block << 8 | Int(scalar & 0xFF)]
    }
    @inline(__always) set {
      values[place(of: scalar)] = newValue
    }
    @inline(__always) _modify {
      yield &values[place(of: scalar)]
    }
  }

  /// Calls `body` with every scalar in a block of its own, and its value.
  func forEachValue(_ body: (_ scalar: UInt32, _ value: Value) -> Void) {
    for (block, place) in blocks.enumerated() where place > 0 {
      for index in 0..<256 {
        body(UInt32(block << 8 | index), values[Int(place) << 8 | index])
      }
    }
  }

  /// The index of a scalar's value, in a block of its own.
  @inline(__always)
  private mutating func place(of scalar: UInt32) -> Int {
    let block = Int(scalar >> 8)
    if blocks[block] == 0 { addBlock(block) }
    return Int(blocks[block]) << 8 | Int(scalar & 0xFF)
  }

  private mutating func addBlock(_ block: Int) {
    // At most 4,352 blocks exist, so the number fits.
    blocks[block] = UInt16(values.count >> 8)
    values.append(contentsOf: repeatElement(common, count: 256))
  }
}
