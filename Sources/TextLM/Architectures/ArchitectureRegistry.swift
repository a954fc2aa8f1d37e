/// The architectures by name.
public struct ArchitectureRegistry: Sendable {
  /// The architectures that come with textlm. A new one is added with one line.
  public static let builtIn = ArchitectureRegistry([
    LSTMArchitecture.self,
    GRUArchitecture.self,
    RNNArchitecture.self,
    MultiplicativeLSTMArchitecture.self,
    MogrifierArchitecture.self,
    QRNNArchitecture.self,
    MinimalGRUArchitecture.self,
    MinimalLSTMArchitecture.self,
    SRUArchitecture.self,
    SLSTMArchitecture.self,
    XLSTMArchitecture.self,
    RWKVArchitecture.self,
    WindowLSTMArchitecture.self,
    TransformerArchitecture.self,
    TCNArchitecture.self,
    WaveNetArchitecture.self,
    AttentionLSTMArchitecture.self,
    MemN2NArchitecture.self,
    KeyValueMemoryArchitecture.self,
    NTMArchitecture.self,
    DNCArchitecture.self,
    MANNArchitecture.self,
  ])

  /// Names by which encoders that read from both ends are known.
  private static let twoDirectional: Set = [
    "bidirectional", "birnn", "bilstm", "bigru", "bi-rnn", "bi-lstm", "bi-gru",
    "bidirectional-rnn", "bidirectional-lstm", "bidirectional-gru", "han",
  ]

  private let architectures: [any CausalArchitecture.Type]

  /// A registry of the given architectures.
  public init(_ architectures: [any CausalArchitecture.Type]) {
    self.architectures = architectures
  }

  /// All architectures, in their order.
  public var all: [any CausalArchitecture.Type] { architectures }

  /// The architecture called `name`.
  public func architecture(
    named name: String
  ) throws(ArchitectureError) -> any CausalArchitecture.Type {
    guard let found = architectures.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
      if Self.twoDirectional.contains(name) { throw .notCausal(name: name) }
      if name == NGramConfiguration.architectureName { throw .notTrainedInSteps(name: name) }
      throw .unknownArchitecture(name: name, known: architectures.map(Self.summary))
    }
    return found
  }

  /// Its name, and what it has by default.
  private static func summary(_ architecture: any CausalArchitecture.Type) -> String {
    let defaults = architecture.hyperparameters.map { "\($0.name) \($0.standardText)" }
    return "\(architecture.name) (\(defaults.joined(separator: ", ")))"
  }
}
