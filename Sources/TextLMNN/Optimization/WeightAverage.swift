public import TextLMTensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A running average of a model's weights, which is often the better model.
///
/// After each optimizer step `update`; to measure or save the average, `exchange` it with the weights
/// and exchange back. Every average is a ← a + w (θ − a) with a weight w that the rule gives.
public struct WeightAverage: Sendable {
  /// What is known beside the averages themselves.
  public struct Progress: Sendable, Equatable, Codable {
    /// Steps in the average.
    public var stepCount = 0
    /// Losses of evaluations before a triggered average began.
    public var losses: [Double] = []
    /// Whether steps are being averaged.
    public var isAveraging = false

    /// Nothing yet.
    public init() {}
  }

  /// The rule.
  public let rule: AveragingRule
  /// What is known beside the averages.
  public private(set) var progress = Progress()
  private var averages = OptimizerSlot("average")

  /// An average before the first step. An exponential one begins with it, a triggered one waits.
  public init(_ rule: AveragingRule) {
    self.rule = rule
    if case .exponential = rule { progress.isAveraging = true }
  }

  /// Whether there is an average to use.
  public var hasAverage: Bool { progress.stepCount > 0 }

  /// Takes the parameters' present values into the average.
  public mutating func update(_ parameters: [Parameter]) {
    guard progress.isAveraging else { return }
    progress.stepCount += 1
    let weight = weight(ofStep: progress.stepCount)
    for parameter in parameters {
      averages[parameter].approach(parameter.value, by: Float(weight))
    }
  }

  /// Takes note of an evaluation, which may start a triggered average.
  public mutating func observe(_ loss: Double) {
    guard case .triggered(let patience) = rule, !progress.isAveraging else { return }
    let earlier = progress.losses.dropLast(patience)
    if let best = earlier.min(), progress.losses.count > patience, loss > best {
      progress.isAveraging = true
      progress.losses = []
    } else {
      progress.losses.append(loss)
    }
  }

  /// Gives the parameters their averages and keeps their values in the averages' place; done twice it
  /// changes nothing. Without effect before there is an average.
  public mutating func exchange(with parameters: [Parameter]) {
    guard hasAverage else { return }
    for parameter in parameters {
      let value = parameter.value
      parameter.value = averages[parameter]
      averages[parameter] = value
    }
  }

  /// Runs `body` with the averages in the parameters.
  public mutating func inPlace<Result>(
    of parameters: [Parameter], _ body: () throws -> Result
  ) rethrows -> Result {
    exchange(with: parameters)
    defer { exchange(with: parameters) }
    return try body()
  }

  /// The average of parameter `p` under `average.p`, for a checkpoint; empty before there is one.
  public var tensors: [String: Tensor] { averages.tensors }

  /// Goes on where another average of the same rule was, when its `progress` and `tensors` were as
  /// given.
  ///
  /// Throws `ParameterError` where the tensors do not fit the parameters; the average is then
  /// unchanged.
  public mutating func restore(
    _ progress: Progress, tensors: [String: Tensor], for parameters: [Parameter]
  ) throws(ParameterError) {
    averages = try averages.restored(tensors, for: progress.stepCount > 0 ? parameters : [])
    self.progress = progress
  }

  /// w of the t-th averaged step: 1 at first, then (1 − d) / (1 − dᵗ), or 1 / t.
  private func weight(ofStep step: Int) -> Double {
    switch rule {
    case .exponential(let decay): (1 - decay) / (1 - pow(decay, Double(step)))
    case .triggered: 1 / Double(step)
    }
  }
}
