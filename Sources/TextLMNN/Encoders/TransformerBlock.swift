import TextLMTensors

/// A block of a transformer's decoder: attention, then two layers for each step by itself, each added
/// to what it reads in normalized form.
///
/// ```
/// q, k, v = W_qkv LN(x) + b
/// x ← x + W_o attention(q, k, v) + b_o
/// x ← x + W_2 GELU(W_1 LN(x) + b_1) + b_2
/// ```
///
/// Parameters have nanoGPT's names, D being the width: `ln_1`, `attn.c_attn` [3D, D], `attn.c_proj`
/// [D, D], `ln_2`, `mlp.c_fc` [4D, D] and `mlp.c_proj` [D, 4D].
///
/// Reference: Alec Radford et al., "Language Models are Unsupervised Multitask Learners", 2019.
struct TransformerBlock: Sendable {
  private let attentionNorm: LayerNorm
  private let projection: Linear
  private let attentionOutput: Linear
  private let feedForwardNorm: LayerNorm
  private let expansion: Linear
  private let contraction: Linear
  private let dropout: Dropout

  /// One of `blockCount` blocks: what adds to the sum of all is smaller the more there are.
  init(size: Int, blockCount: Int, dropoutRate: Float, in scope: ParameterScope) throws {
    let usual = Initializer.normal(standardDeviation: 0.02)
    let added = Initializer.normal(standardDeviation: 0.02 / (2 * Double(blockCount)).squareRoot())
    attentionNorm = try LayerNorm(size: size, in: scope["ln_1"])
    projection = try Linear(
      inputSize: size, outputSize: 3 * size, initializer: usual, in: scope["attn"]["c_attn"])
    attentionOutput = try Linear(
      inputSize: size, outputSize: size, initializer: added, in: scope["attn"]["c_proj"])
    feedForwardNorm = try LayerNorm(size: size, in: scope["ln_2"])
    expansion = try Linear(
      inputSize: size, outputSize: 4 * size, initializer: usual, in: scope["mlp"]["c_fc"])
    contraction = try Linear(
      inputSize: 4 * size, outputSize: size, initializer: added, in: scope["mlp"]["c_proj"])
    dropout = Dropout(rate: dropoutRate)
  }

  /// Runs the block over T steps, [T, B, D]. `observe` is shown the weights of attention, [B, heads, T,
  /// T].
  func callAsFunction(
    _ input: Tensor, _ attention: CausalAttention, memory: inout AttentionMemory,
    _ pass: ForwardPass, observe: ((Tensor) -> Void)? = nil
  ) -> Tensor {
    let projected = projection(attentionNorm(input, pass), pass)  // [T, B, 3D]
    observe?(attention.weights(projected, keys: memory.keys, values: memory.values))
    let read = pass.attention(projected, attention, memory: &memory)  // [T, B, D]
    let attended = pass.add(input, dropout(attentionOutput(read, pass), pass))
    let wide = pass.gelu(expansion(feedForwardNorm(attended, pass), pass))  // [T, B, 4D]
    return pass.add(attended, dropout(contraction(wide, pass), pass))
  }
}
