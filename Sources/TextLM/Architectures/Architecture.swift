/// The kind and the sizes of an encoder, and how to build it.
///
/// An architecture is one file that says everything about it, and one line in
/// `ArchitectureRegistry.builtIn`.
public protocol Architecture: Sendable, Equatable {
  /// What it builds.
  associatedtype Encoder: SequenceEncoder
  /// The name by which `--arch` and model files know it.
  static var name: String { get }
  /// All that it can be told.
  static var hyperparameters: [Hyperparameter] { get }

  /// The architecture with these values of its hyperparameters.
  init(_ values: Hyperparameters)
  /// The values it was made with.
  var values: Hyperparameters { get }

  /// The number of parameters of the encoder, without building it.
  func parameterCount(inputSize: Int) -> Int
  /// Floats that a training pass keeps for each token until its gradient has been computed.
  func activationCount(inputSize: Int) -> Int
  /// Builds the encoder for inputs of width `inputSize`.
  func makeEncoder(inputSize: Int, in scope: ParameterScope) throws -> Encoder
}

/// An architecture whose encoder can stream, and so can model and generate text.
public protocol CausalArchitecture: Architecture where Encoder: CausalEncoder {
  /// Width of the encoder's output.
  var outputSize: Int { get }
}

extension CausalArchitecture {
  /// A language model with this encoder; the existential is opened here, once.
  func makeLanguageModel(
    _ configuration: ModelConfiguration, vocabularySize: Int, from source: any ParameterSource
  ) throws -> any LanguageModel {
    try CausalLanguageModel(
      architecture: self, configuration: configuration, vocabularySize: vocabularySize,
      from: source)
  }
}
