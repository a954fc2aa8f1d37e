import TextLMTensors

/// The parameters of a model as a tree of scopes with the number of elements below each, for
/// reading.
///
/// ```
/// model                9
/// ├─ head              6
/// │  ├─ weight [2, 2]  4
/// │  └─ bias [2]       2
/// └─ scale [3]         3
/// ```
public struct ParameterTree: CustomStringConvertible {
  private let lines: [(label: String, count: Int)]

  /// The tree of `parameters`, scopes in the order of their first parameter, under a root called
  /// `name`.
  public init(_ parameters: [Parameter], name: String = "model") {
    var root = Node(name: name)
    for parameter in parameters {
      root.insert(parameter, below: parameter.path.split(separator: ".")[...])
    }
    var lines: [(label: String, count: Int)] = []
    root.append(to: &lines, prefix: "", childPrefix: "")
    self.lines = lines
  }

  /// One line a scope or parameter, counts aligned on the right, with a newline between lines.
  public var description: String {
    let labelWidth = lines.map(\.label.count).max() ?? 0
    let countWidth = lines.map { "\($0.count)".count }.max() ?? 0
    return lines.map { label, count in
      let gap = labelWidth - label.count + countWidth - "\(count)".count + 2
      return label + String(repeating: " ", count: gap) + "\(count)"
    }.joined(separator: "\n")
  }

  private struct Node {
    var name: String
    var count = 0
    var children: [Node] = []

    mutating func insert(_ parameter: Parameter, below path: ArraySlice<Substring>) {
      count += parameter.shape.count
      guard let first = path.first else { return }
      let rest = path.dropFirst()
      let childName = rest.isEmpty ? "\(first) \(parameter.shape)" : String(first)
      let index = children.firstIndex { $0.name == childName } ?? children.endIndex
      if index == children.endIndex { children.append(Node(name: childName)) }
      children[index].insert(parameter, below: rest)
    }

    func append(
      to lines: inout [(label: String, count: Int)], prefix: String, childPrefix: String
    ) {
      lines.append((prefix + name, count))
      for (index, child) in children.enumerated() {
        let isLast = index == children.count - 1
        child.append(
          to: &lines, prefix: childPrefix + (isLast ? "└─ " : "├─ "),
          childPrefix: childPrefix + (isLast ? "   " : "│  "))
      }
    }
  }
}
