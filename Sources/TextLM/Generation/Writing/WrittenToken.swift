/// One token with what it adds to the text and what it cost.
public struct WrittenToken: Sendable, Equatable {
  /// A token that could have come.
  public struct Alternative: Sendable, Equatable {
    /// The token.
    public let token: TokenID
    /// −ln p under the model itself.
    public let nats: Double
  }

  /// What the model thought of the place, before any sampling setting.
  public struct Place: Sendable, Equatable {
    /// The token's place among all by probability, 1 being the most likely.
    public let rank: Int
    /// The most likely tokens, the likeliest first.
    public let alternatives: [Alternative]
  }

  /// The token that was drawn.
  public let token: TokenID
  /// The characters that are complete with it.
  public internal(set) var text: String
  /// −ln p of the token under the model itself, before any sampling setting.
  public let nats: Double
  /// More about the place, where the rules ask for it.
  public let place: Place?

  init(_ token: TokenID, text: String, logits: [Float], alternativeCount: Int) {
    self.token = token
    self.text = text
    if alternativeCount > 0 {
      let costs = TokenCost.nats(logits)
      nats = costs[Int(token)]
      place = Place(token, costs, count: alternativeCount)
    } else {
      nats = TokenCost.nats(of: token, in: logits)
      place = nil
    }
  }
}

extension WrittenToken.Place {
  /// `costs` are those of every token, in nats.
  fileprivate init(_ token: TokenID, _ costs: [Double], count: Int) {
    let cost = costs[Int(token)]
    rank = 1 + costs.count { $0 < cost }
    let order = costs.indices.sorted { (costs[$0], $0) < (costs[$1], $1) }
    alternatives = order.prefix(count).map { index in
      WrittenToken.Alternative(token: TokenID(index), nats: costs[index])
    }
  }
}
