/// Shortens gradients whose common length is too great, keeping their direction.
///
/// g ← g · min(1, maximumNorm / (‖g‖ + 10⁻⁶)), with ‖g‖ over all parameters together, as PyTorch's
/// `clip_grad_norm_`. Reference: Razvan Pascanu, Tomas Mikolov and Yoshua Bengio, "On the
/// difficulty of training recurrent neural networks", 2013.
public struct GradientClip: Sendable, Equatable, Codable {
  /// The greatest length that passes unchanged.
  public var maximumNorm: Double

  /// Clips at `maximumNorm`.
  public init(maximumNorm: Double) {
    self.maximumNorm = maximumNorm
  }

  /// What to multiply gradients of length `norm` with; means nothing for a norm that is not finite.
  public func scale(norm: Double) -> Double {
    min(1, maximumNorm / (norm + 1e-6))
  }
}
