/// Of what a classifier is made, and how.
public enum ClassifierMethod: Sendable {
  /// Sequences of characters and words under a linear model.
  case ngrams(NGramFeatureConfiguration)
  /// A network.
  case network(NetworkRecipe)
  /// What a trained language model remembers of a text, under a linear model; `name` is what messages
  /// call the language model.
  case probe(TextModel, name: String)

  /// What `--arch` calls a probe.
  public static let probeName = "probe"

  /// The name by which `--arch` knows it.
  public var name: String {
    switch self {
    case .ngrams: NGramFeatureConfiguration.architectureName
    case .network(let recipe): recipe.structure.name(of: recipe.architecture, recipe.sides)
    case .probe: Self.probeName
    }
  }
}
