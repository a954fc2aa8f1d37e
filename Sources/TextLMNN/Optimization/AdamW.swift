import TextLMTensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Adam with decoupled weight decay: steps of about the learning rate's size in each element,
/// whatever the gradients'.
///
/// At step t = 1, 2, … with gradient g and learning rate η:
///
/// ```
/// m ← β₁ m + (1 − β₁) g
/// v ← β₂ v + (1 − β₂) g²
/// θ ← θ (1 − η λ) − η (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
/// ```
///
/// Weight decay λ acts on matrices and not on biases, that is on parameters of two and more axes.
/// Reference: Ilya Loshchilov and Frank Hutter, "Decoupled Weight Decay Regularization", 2019.
public struct AdamW: Sendable {
  /// β₁, how much of the mean gradient is kept each step.
  public var firstDecayRate: Double
  /// β₂, how much of the mean squared gradient is kept each step.
  public var secondDecayRate: Double
  /// ε, which bounds the steps of elements that hardly ever have a gradient.
  public var epsilon: Double
  /// λ, the part of a weight, times the learning rate, that is taken away each step.
  public var weightDecay: Double
  /// t, the number of steps taken.
  public internal(set) var stepCount = 0
  /// By the parameters' paths.
  var moments: [String: Moments] = [:]

  /// m and v of one parameter.
  struct Moments {
    var first: Tensor
    var second: Tensor
  }

  /// An optimizer before its first step. The defaults are PyTorch's, but for no weight decay.
  public init(
    firstDecayRate: Double = 0.9, secondDecayRate: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0
  ) {
    self.firstDecayRate = firstDecayRate
    self.secondDecayRate = secondDecayRate
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - parameters: those to change; the ones without a gradient stay as they are.
  ///   - gradients: of the loss.
  ///   - learningRate: η of this step.
  ///   - gradientScale: what gradients are multiplied with first, `GradientClip`'s answer for example.
  public mutating func update(
    _ parameters: [Parameter], _ gradients: Gradients, learningRate: Double,
    gradientScale: Double = 1
  ) {
    stepCount += 1
    let time = Double(stepCount)
    var step = AdamWStep(
      learningRate: learningRate, decayRates: (firstDecayRate, secondDecayRate),
      corrections: (1 - pow(firstDecayRate, time), 1 - pow(secondDecayRate, time)),
      epsilon: epsilon, weightDecay: weightDecay, gradientScale: gradientScale)
    for parameter in parameters {
      step.weightDecay = parameter.shape.rank >= 2 ? weightDecay : 0
      change(parameter, by: step, gradients[parameter])
    }
  }

  private static func noMoments(_ shape: Shape) -> Moments {
    Moments(first: Tensor(zeros: shape), second: Tensor(zeros: shape))
  }

  private mutating func change(
    _ parameter: Parameter, by step: AdamWStep, _ gradient: Tensor?
  ) {
    func apply(to moments: inout Moments) {
      guard let gradient else { return }
      parameter.update { value in
        step(
          &value, firstMoment: &moments.first, secondMoment: &moments.second, gradient: gradient)
      }
    }
    // Changed where they lie in the dictionary: taking them out would make a copy of each.
    apply(to: &moments[parameter.path, default: Self.noMoments(parameter.shape)])
  }
}
