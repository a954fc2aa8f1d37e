#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The questions with yes or no of which the class of a text is made, and what the answers mean.
///
/// - Two classes: whether it is the second.
/// - K > 2 classes: whether it is class k, for each k; the probabilities of yes are divided by their
///   sum.
/// - Several labels a text: whether it has label k, for each k.
/// - Ordinal: whether it is above class k, for each k but the last; a class has the difference of
///   two neighbours, of which the greater is never the one with the higher k.
///
/// Where the probability of each yes is the part of the texts of which it is true, that of each class is
/// its part of the texts. Reference: Bianca Zadrozny and Charles Elkan, "Transforming Classifier Scores
/// into Accurate Multiclass Probability Estimates", 2002 (one against the rest, normalized).
struct ClassQuestions: Sendable, Equatable {
  /// What the labels mean.
  let kind: LabelKind
  /// K.
  let classCount: Int

  /// Q, the number of questions.
  var count: Int {
    switch kind {
    case .single: classCount == 2 ? 1 : classCount
    case .multiple: classCount
    case .ordinal: classCount - 1
    }
  }

  /// Whether the answer to a question is yes for a text of these classes.
  func answer(_ question: Int, _ classes: [Int]) -> Bool {
    switch kind {
    case .single: classes.contains(classCount == 2 ? 1 : question)
    case .multiple: classes.contains(question)
    case .ordinal: (classes.first ?? 0) > question
    }
  }

  /// The probabilities of the classes, [K], from the logits of the answers, [Q].
  func probabilities(_ logits: [Double]) -> [Double] {
    switch kind {
    case .multiple:
      return logits.map(LogisticRegression.sigmoid)
    case .single where classCount > 2:
      // Of logarithms, because they may all be too small to be divided.
      let logarithms = logits.map { -LogisticRegression.nats($0) }
      let greatest = logarithms.max() ?? 0
      let powers = logarithms.map { exp($0 - greatest) }
      let total = powers.reduce(0, +)
      return powers.map { $0 / total }
    case .single, .ordinal:
      var above = 1.0
      var probabilities: [Double] = []
      for logit in logits {
        let next = min(above, LogisticRegression.sigmoid(logit))
        probabilities.append(above - next)
        above = next
      }
      return probabilities + [above]
    }
  }

  /// The probabilities of the classes, [K], of a text whose features' weights have these sums, [Q].
  func probabilities(biases: [Double], sums: [Double], temperature: Double) -> [Double] {
    probabilities(zip(biases, sums).map { $0 + $1 / temperature })
  }

  /// What a text of these classes costs, in nats; with several labels, the mean of all labels'.
  ///
  /// - Parameter doubt: The part of the truth that is on the other side: with more than 0, it costs to be
  ///   surer than that. No probability counts as less than 1e-12.
  func nats(_ probabilities: [Double], _ classes: [Int], doubt: Double = 0) -> Double {
    func cost(_ probability: Double) -> Double {
      let other = doubt > 0 ? doubt * log(max(1 - probability, 1e-12)) : 0
      return -(1 - doubt) * log(max(probability, 1e-12)) - other
    }
    if kind == .multiple {
      let sum = probabilities.enumerated().reduce(0.0) { sum, item in
        sum + cost(classes.contains(item.offset) ? item.element : 1 - item.element)
      }
      return sum / Double(classCount)
    }
    return cost(probabilities[classes.first ?? 0])
  }

  /// What the classes say of the text: the likeliest, or all labels of at least one half.
  func prediction(_ probabilities: [Double]) -> [Int] {
    if kind == .multiple { return probabilities.indices.filter { probabilities[$0] >= 0.5 } }
    return probabilities.indices.max { probabilities[$0] < probabilities[$1] }.map { [$0] } ?? []
  }

  /// What a logit of a question says for a class: how much a rise of question q's logit is a rise
  /// of class k's, [Q] numbers of −1, 0 and 1.
  func signs(for index: Int) -> [Double] {
    (0..<count).map { question in
      switch kind {
      case .single where classCount == 2: index == 1 ? 1 : -1
      case .single, .multiple: question == index ? 1 : 0
      case .ordinal: question < index ? 1 : -1
      }
    }
  }
}
