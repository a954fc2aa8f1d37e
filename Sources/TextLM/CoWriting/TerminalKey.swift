/// What a person pressed.
package enum TerminalKey: Sendable, Equatable {
  /// Characters, typed or pasted.
  case text(String)
  /// The key of a digit together with Alt.
  case alternate(Int)
  /// A letter together with Ctrl, as a small letter.
  case control(Character)
  case enter, tab, backspace, escape, up, down, left, right
}
