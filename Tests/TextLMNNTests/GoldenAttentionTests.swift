import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

/// Attention gives the numbers of its definitions in PyTorch 2.13, float64, tensors being filled as `fill`
/// does: each case says with which seeds.
@Suite("Attention agrees with PyTorch")
struct GoldenAttentionTests {
  /// The case `causal_mha`:
  ///
  /// ```python
  /// x = fill(1, (2, 5, 4), 1); Wqkv = fill(2, (12, 4)); bqkv = fill(3, (12,)); Wo = fill(4, (4, 4)); bo = fill(5, (4,))
  /// q, k, v = (t.view(2, 5, 2, 2).transpose(1, 2) for t in (x @ Wqkv.T + bqkv).split(4, 2))
  /// y = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(2, 5, 4) @ Wo.T + bo
  /// ```
  private static let causal = GoldenCase(
    shape: [2, 5, 4],
    head: [
      0.5583086685240499, -0.39169482631577507, -0.18590359891584643, -0.39577436078885087,
      0.3460681313993102, -0.13980115180461433, -0.4254386070695408, -0.21805796616302214,
    ],
    tail: [
      -0.19402049292126183, -0.409564322882147, -0.1923094209430254,
    ],
    sum: -3.9736593659068684, loss: -0.9516989609049548,
    gradients: [
      "x": .init([2, 5, 4], sum: 0.029839430687007173, probe: -0.19820359045675334),
      "Wqkv": .init([12, 4], sum: -0.19353331566162135, probe: -0.8647961063709104),
      "bqkv": .init([12], sum: -0.19077562536600873, probe: 0.33094259805235193),
      "Wo": .init([4, 4], sum: 0.6433489995166664, probe: 0.6418003572198282),
      "bo": .init([4], sum: 1.233765953909386, probe: -0.717912398938581),
    ])

  @Test("Two causal heads, as in nanoGPT", arguments: [false, true])
  func causalHeads(isBlocked: Bool) {
    let x = fill(1, [2, 5, 4], 1)
    let (projection, projectionBias) = (fill(2, [12, 4]), fill(3, [12]))
    let (output, outputBias) = (fill(4, [4, 4]), fill(5, [4]))
    Self.causal.check(
      inputs: [
        "x": x, "Wqkv": projection, "bqkv": projectionBias, "Wo": output, "bo": outputBias,
      ]
    ) { pass in
      let steps = pass.permute(x, [1, 0, 2])  // [T, B, D]
      var memory = AttentionMemory(batchSize: 2, context: 5, size: 4)
      let read = pass.attention(
        pass.linear(steps, weight: projection, bias: projectionBias),
        CausalAttention(
          headCount: 2, context: 5, isBlocked: isBlocked, positions: [0, 0], rotation: nil,
          dropout: nil), memory: &memory)
      return pass.permute(pass.linear(read, weight: output, bias: outputBias), [1, 0, 2])
    }
  }

  /// The case `keras_attention_dot`:
  ///
  /// ```python
  /// q = fill(1, (2, 4, 4), 1); v = fill(2, (2, 5, 4), 1)
  /// y = torch.softmax(q @ v.transpose(1, 2), -1) @ v
  /// ```
  private static let dot = GoldenCase(
    shape: [2, 4, 4],
    head: [
      0.8117044242173819, 0.4029027885463683, -0.3108076450084408, -0.7893050492503224,
      -0.6821348517208081, -0.12045055844042474, 0.5323883161001359, 0.782326326997781,
    ],
    tail: [
      0.08505631431975454, -0.34005278213925066, -0.5078167125516166,
    ],
    sum: -0.4994339350462095, loss: -10.611321301591918,
    gradients: [
      "q": .init([2, 4, 4], sum: -0.2679279866953294, probe: -1.4617844852178883),
      "v": .init([2, 5, 4], sum: 0.7353969883863487, probe: -15.092918821897287),
    ])

  @Test("keras.layers.Attention()([q, v])")
  func dotAttention() {
    let (q, v) = (fill(1, [2, 4, 4], 1), fill(2, [2, 5, 4], 1))
    Self.dot.check(inputs: ["q": q, "v": v]) { pass in
      let weights = pass.softmax(pass.batchedMatmul(q, v, transposeRight: true))
      return pass.batchedMatmul(weights, v)
    }
  }

  /// The case `keras_additive_attention`:
  ///
  /// ```python
  /// q = fill(1, (2, 4, 4), 1); v = fill(2, (2, 5, 4), 1); scale = fill(3, (4,))
  /// y = torch.softmax((scale * torch.tanh(q[:, :, None] + v[:, None])).sum(-1), -1) @ v
  /// ```
  private static let additive = GoldenCase(
    shape: [2, 4, 4],
    head: [
      -0.3112091130201793, -0.11606712389985033, 0.16691215061087306, 0.3235756371902769,
      -0.3297104734663525, -0.16522689313722316, 0.1242971058653732, 0.31975553320344346,
    ],
    tail: [
      -0.10359113208285037, 0.05486736905231601, 0.17180333915426077,
    ],
    sum: -0.11208844357158698, loss: 0.8204155844355943,
    gradients: [
      "q": .init([2, 4, 4], sum: 0.660695885468998, probe: -0.07432335831451065),
      "v": .init([2, 5, 4], sum: 1.3960928738553462, probe: 1.7399628474333473),
      "scale": .init([4], sum: 0.6316564995140947, probe: -0.0689949416287988),
    ])

  @Test("keras.layers.AdditiveAttention()([q, v])")
  func additiveAttention() {
    let (q, v, scale) = (fill(1, [2, 4, 4], 1), fill(2, [2, 5, 4], 1), fill(3, [4]))
    Self.additive.check(inputs: ["q": q, "v": v, "scale": scale]) { pass in
      // Every query is a row of its own, with one step that sees all five values.
      let rows = pass.concatenate(Array(repeating: pass.permute(v, [1, 0, 2]), count: 4), axis: 1)
      let queries = pass.permute(q, [1, 0, 2]).reshaped(to: [1, 8, 4])  // query-major
      let scores = pass.windowScores(queries, keys: rows, factors: scale, count: 5)
      let sums = pass.windowSums(pass.softmax(scores), values: rows)
      return pass.permute(sums.reshaped(to: [4, 2, 4]), [1, 0, 2])
    }
  }

  /// The case `attn_over_states_window3`:
  ///
  /// ```python
  /// h = fill(1, (5, 2, 4), 1); WY, Wh = fill(2, (4, 4)), fill(3, (4, 4)); w = fill(4, (4,)); Wr, Wx = fill(5, ..), fill(6, ..)
  /// Y = h[max(0, t - 3):t]; a = torch.softmax(torch.tanh(Y @ WY.T + h[t] @ Wh.T) @ w, 0); r = (a[..., None] * Y).sum(0)
  /// y[t] = torch.tanh(r @ Wr.T + h[t] @ Wx.T), with r = 0 at t = 0
  /// ```
  private static let states = GoldenCase(
    shape: [5, 2, 4],
    head: [
      -0.5229042082997307, 0.6790834148643645, -0.718069057489969, 0.6602716988315255,
      0.2562176272447211, -0.526493862456567, 0.6570796750652401, -0.6790742801944777,
    ],
    tail: [
      0.24150868822295268, -0.6649593163090081, 0.8310127827621235,
    ],
    sum: 0.7196382824593672, loss: 2.7586066818955586,
    gradients: [
      "h": .init([5, 2, 4], sum: 0.3333377504668642, probe: 0.04226591634902689),
      "WY": .init([4, 4], sum: -0.08100286551084876, probe: -0.019739179999559597),
      "Wh": .init([4, 4], sum: 0.003317657038882469, probe: -0.0066760176144602355),
      "w": .init([4], sum: 0.016219997054840153, probe: 0.00753684189879026),
      "Wr": .init([4, 4], sum: -1.2478610708281188, probe: -0.5682656179251646),
      "Wx": .init([4, 4], sum: -11.54595304175096, probe: 1.97818811108435),
    ])

  @Test("Additive attention to the three states before")
  func stateAttention() throws {
    let scope = ParameterScope(RandomParameters(seed: 1))
    let attention = try StateAttention(size: 4, window: 3, isAdditive: true, in: scope)
    var parameters: [String: Parameter] = [:]
    for (path, (name, seed)) in [
      "y.weight": ("WY", 2), "h.weight": ("Wh", 3), "factors": ("w", 4), "r.weight": ("Wr", 5),
      "x.weight": ("Wx", 6),
    ] {
      let parameter = try #require(scope.parameters.first { $0.path == path })
      parameter.value = fill(seed, parameter.shape)
      parameters[name] = parameter
    }
    let h = fill(1, [5, 2, 4], 1)
    Self.states.check(inputs: ["h": h], parameters: parameters) { pass in
      var memory = attention.initialMemory(batchSize: 2)
      return attention(h, memory: &memory, positions: [0, 0], pass)
    }
  }

  /// The case `kv_memnn_2hop`:
  ///
  /// ```python
  /// K, Vv = fill(1, (2, 3, 4), 1), fill(2, (2, 3, 4), 1); q = fill(3, (2, 4), 1); R1, R2 = fill(4, (4, 4)), fill(5, (4, 4))
  /// for R in (R1, R2): q = (q + (torch.softmax((K @ q[:, :, None])[..., 0], 1)[..., None] * Vv).sum(1)) @ R.T
  /// ```
  private static let keyValue = GoldenCase(
    shape: [2, 4],
    head: [
      -0.03320819322049012, -0.09505146100640689, 0.2036845885051943, -0.27026027703277433,
      0.32306793426466074, -0.23153036972885271, 0.09218568111795127, 0.06619379891281651,
    ],
    tail: [
      -0.23153036972885271, 0.09218568111795127, 0.06619379891281651,
    ],
    sum: 0.05508170181209876, loss: 0.019884441827080157,
    gradients: [
      "K": .init([2, 3, 4], sum: 0.0, probe: 0.11865548024667033),
      "Vv": .init([2, 3, 4], sum: 0.10488613047763068, probe: -0.09840628607126459),
      "q": .init([2, 4], sum: 0.0466664194395269, probe: 0.2770389899930102),
      "R1": .init([4, 4], sum: 1.6681673968883866, probe: 0.21054613479845768),
      "R2": .init([4, 4], sum: 1.708742726493539, probe: -0.5881932132205098),
    ])

  @Test("Two hops over three keys and values")
  func keyValueMemory() throws {
    let scope = ParameterScope(RandomParameters(seed: 1))
    let hops = try (0..<2).map {
      try Linear(inputSize: 4, outputSize: 4, hasBias: false, in: scope["R"][$0])
    }
    for (index, parameter) in scope.parameters.enumerated() {
      parameter.value = fill(index + 4, [4, 4])
    }
    let (keys, values, query) = (
      fill(1, [2, 3, 4], 1), fill(2, [2, 3, 4], 1), fill(3, [2, 4], 1)
    )
    Self.keyValue.check(
      inputs: ["K": keys, "Vv": values, "q": query],
      parameters: ["R1": scope.parameters[0], "R2": scope.parameters[1]]
    ) { pass in
      KeyValueMemory.read(
        query.reshaped(to: [1, 2, 4]), keys: pass.permute(keys, [1, 0, 2]),
        values: pass.permute(values, [1, 0, 2]), hops: hops, count: 3, mask: nil, pass
      ).reshaped(to: [2, 4])
    }
  }
}
