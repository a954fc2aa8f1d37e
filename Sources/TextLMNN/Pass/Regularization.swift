/// What training does against learning by heart, beside the dropout that an architecture has between
/// its layers; all off by default.
///
/// Part of a training pass and absent in inference, so that every architecture gets it from the
/// operations it uses. Reference for most of it: Stephen Merity, Nitish Shirish Keskar and Richard
/// Socher, "Regularizing and Optimizing LSTM Language Models", 2018.
public struct Regularization: Sendable, Equatable {
  /// Whether dropout zeroes the same units at all steps of a window (variational dropout; Yarin Gal and
  /// Zoubin Ghahramani, 2016) instead of others at each.
  public var isDropoutLocked = false
  /// Probability of a token's whole embedding being zeroed, wherever it stands in the window.
  public var embeddingDropout: Float = 0
  /// Probability of an element of the embedding's output being zeroed.
  public var inputDropout: Float = 0
  /// Probability of an element of the top layer's output being zeroed.
  public var outputDropout: Float = 0
  /// Probability of a recurrent weight being zeroed for the window (DropConnect; Li Wan et al., 2013).
  public var weightDrop: Float = 0
  /// ε, the part of the target's probability that is spread evenly over all tokens (Christian Szegedy
  /// et al., 2016).
  public var labelSmoothing: Float = 0
  /// α of activation regularization, α · mean(y²) of the dropped output of the top layer.
  public var activation: Float = 0
  /// β of temporal activation regularization, β · mean((yₜ − yₜ₋₁)²) of the output as it is.
  public var temporalActivation: Float = 0

  /// Nothing at all.
  public static let none = Regularization()

  /// All off; set what is wanted.
  public init() {}
}
