import TextLMNN
import Testing

@Suite("Patterns over paths")
struct PathPatternTests {
  @Test(
    "A pattern fits whole paths",
    arguments: [
      ("head.bias", "head.bias", true), ("head", "head.bias", false), ("bias", "head.bias", false),
      ("*", "rnn.weight_hh_l0", true), ("*", "", true), ("", "", true), ("", "a", false),
      ("rnn.*", "rnn.weight_hh_l0", true), ("rnn.*", "rnnx.weight", false),
      ("*_l0", "rnn.weight_hh_l0", true), ("*_l0", "rnn.weight_hh_l01", false),
      ("*_l?", "rnn.weight_hh_l1", true), ("*_l?", "rnn.weight_hh_l", false),
      ("rnn.*_hh_*", "rnn.bias_hh_l0", true), ("*b*b*", "abab", true), ("*bb*", "abab", false),
      ("**a", "baaa", true), ("a*b?d", "abbbcd", true), ("a*b?d", "abbbccd", false),
      ("[a]", "a", false), ("a.b", "axb", false),
    ])
  func matching(pattern: String, path: String, fits: Bool) {
    #expect(PathPattern(pattern).matches(path) == fits)
    #expect("\(PathPattern(pattern))" == pattern)
  }
}
