/// A way for a text to go on.
package struct WritingSuggestion: Sendable, Equatable {
  /// What comes next.
  package let text: String
  /// How likely the model itself thinks it, whatever the temperature.
  package let probability: Double

  package init(text: String, probability: Double) {
    self.text = text
    self.probability = probability
  }
}
