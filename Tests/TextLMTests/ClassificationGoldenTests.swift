import TextLM
import TextLMTestSupport
import Testing

@Suite("Measures of classifiers beside scikit-learn's")
struct ClassificationGoldenTests {
  /// A thousand random label sets, of one label, ordinal ones and several in turn, measured by scikit-learn
  /// 1.9.1, NumPy and SciPy; −1 stands for what is undefined.
  ///
  /// ```python
  /// import numpy as np, sklearn.metrics as m
  /// from scipy.stats import binomtest
  /// state = 1
  /// def draw(n):
  ///     global state
  ///     state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
  ///     return (state >> 33) % n
  /// def single():
  ///     K, N = 2 + draw(4), 4 + draw(37); T, P = [], []
  ///     for _ in range(N):
  ///         t = draw(K) * draw(4) // 3
  ///         w = [draw(12) for _ in range(K)]; w[0] += 1; w[t] += draw(16)
  ///         T.append(t); P.append([x / sum(w) for x in w])
  ///     return np.array(P), np.array(T), None
  /// def several():
  ///     K, N = 2 + draw(4), 4 + draw(37)
  ///     c = np.array([(1 + draw(19)) / 20 for _ in range(K)]); T, P = [], []
  ///     for _ in range(N):
  ///         t = [int(draw(3) == 0) for _ in range(K)]
  ///         P.append([(draw(16) + h * 6 * draw(2)) / 21 for h in t]); T.append(t)
  ///     return np.array(P), np.array(T), c
  /// def ece(p, right):
  ///     b = np.maximum(np.ceil(p * 15), 1)
  ///     return sum((b == k).mean() * abs(right[b == k].mean() - p[b == k].mean()) for k in set(b))
  /// def area(t, p): return m.roc_auc_score(t, p) if 0 < t.sum() < len(t) else -1
  /// def values(kind, P, T, c):
  ///     K, one = P.shape[1], c is None
  ///     D = P.argmax(1) if one else (P >= c).astype(int)
  ///     right = (D == T) if one else (D == T).all(1)
  ///     has = T[:, None] == np.arange(K) if one else T == 1
  ///     got = D[:, None] == np.arange(K) if one else D == 1
  ///     ci = binomtest(int(right.sum()), len(T)).proportion_ci(method="wilson")
  ///     f = lambda a: m.precision_recall_fscore_support(T, D, average=a, zero_division=0)[:3]
  ///     u = lambda x, isDefined: x if isDefined else -1
  ///     micro = map(u, f("micro"), [got.any(), has.any(), (got | has).any()])
  ///     A = [area(has[:, k], P[:, k]) for k in range(K)]; known = [a for a in A if a >= 0]
  ///     auc = A[1] if one and K == 2 else np.mean(known) if known else -1
  ///     if one and K > 2 and len(known) == K:
  ///         assert abs(auc - m.roc_auc_score(T, P, multi_class="ovr")) < 1e-12
  ///     loss = m.log_loss(T, P, labels=range(K)) if one else m.log_loss(T.ravel(), P.ravel(), labels=[0, 1])
  ///     out = [m.accuracy_score(T, D), ci.low, ci.high, *f("macro"), *micro, auc, loss]
  ///     out += [ece(P.max(1), right) if one else ece(P.ravel(), T.ravel())]
  ///     if one: out += [m.matthews_corrcoef(T, D) if min(len(set(T)), len(set(D))) > 1 else -1]
  ///     else: out += [1 - m.hamming_loss(T, D)]
  ///     if kind == 1:
  ///         same = len(set(T) | set(D)) == 1
  ///         out += [m.mean_absolute_error(T, D)]
  ///         out += [-1 if same else m.cohen_kappa_score(T, D, labels=range(K), weights="quadratic")]
  ///     s = 0
  ///     for k in range(K):
  ///         h, g = has[:, k], got[:, k]
  ///         v = [m.precision_score(h, g) if g.any() else -1, m.recall_score(h, g) if h.any() else -1]
  ///         v += [m.f1_score(h, g) if (h | g).any() else -1, A[k]]
  ///         s += (k + 1) * sum((j + 1) * x for j, x in enumerate(v))
  ///     out += [s]
  ///     if one: out += [(m.confusion_matrix(T, D, labels=range(K)) * np.arange(1, K * K + 1).reshape(K, K)).sum()]
  ///     return np.array(out, float)
  /// sums = [0, 0, 0]
  /// cases = []
  /// for i in range(1000):
  ///     v = values(i % 3, *(several() if i % 3 == 2 else single()))
  ///     sums[i % 3] = sums[i % 3] + (1 + i / 1000) * v
  ///     if i < 12: cases.append(v)
  /// ```
  ///
  /// Here are `cases`, and after them `sums`.
  private static let cases: [[Double]] = [
    [
      0.8181818181818182, 0.5230194380391557, 0.9486323102539149, 0.7083333333333334,
      0.6458333333333334, 0.6726190476190477, 0.8181818181818182, 0.8181818181818182,
      0.8181818181818182, 0.8976190476190476, 0.8510230805418973, 0.3610596260928855,
      0.7048548430432512, 62.128571428571426, 65.0,
    ],
    [
      0.8518518518518519, 0.6752131457218702, 0.9408407222375568, 0.8564814814814815,
      0.7426900584795323, 0.7666237666237666, 0.8518518518518519, 0.8518518518518519,
      0.8518518518518519, 0.976477304372041, 0.5849095674972191, 0.27630293316751353,
      0.6857393981959644, 0.14814814814814814, 0.7848605577689243, 49.96570412517781, 67.0,
    ],
    [
      0.058823529411764705, 0.016282655210122732, 0.19093606904281, 0.44552107279693487,
      0.8864285714285713, 0.5605094466936572, 0.39166666666666666, 0.8867924528301887,
      0.5433526011560693, 0.7299967061923583, 0.5665660531266056, 0.16638655462184873,
      0.5352941176470588, 104.72598313149977,
    ],
    [
      0.8, 0.5481455128483065, 0.9295245065301844, 0.75, 0.7045454545454546,
      0.7204968944099379, 0.8, 0.8, 0.8, 0.8181818181818181, 0.44789057534357146,
      0.1813194213194213, 0.45226701686664544, 21.840297383775642, 26.0,
    ],
    [
      0.9090909090909091, 0.6226415635484043, 0.9837678271141151, 0.45454545454545453,
      0.5, 0.47619047619047616, 0.9090909090909091, 0.9090909090909091,
      0.9090909090909091, 0.75, 0.4487604877734965, 0.28693847101601105, -1.0,
      0.09090909090909091, 0.0, 12.766233766233766, 13.0,
    ],
    [
      0.3333333333333333, 0.1381200910912132, 0.6093779111272004, 0.2222222222222222, 0.4,
      0.2857142857142857, 0.4444444444444444, 0.4444444444444444, 0.4444444444444444,
      0.6513392857142857, 0.7205710923938659, 0.3412698412698413, 0.5833333333333333,
      9.094444444444445,
    ],
    [
      1.0, 0.7008549515804559, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0,
      0.30642990635158157, 0.2563069419687067, 1.0, 30.0, 21.0,
    ],
    [
      0.8571428571428571, 0.6851019783647471, 0.943009946802506, 0.65, 0.7,
      0.6666666666666666, 0.8571428571428571, 0.8571428571428571, 0.8571428571428571,
      0.9416666666666668, 0.8135173595359101, 0.3663517828792901, 0.7638253916955428,
      0.32142857142857145, 0.48888888888888893, 31.275, 97.0,
    ],
    [
      0.0, 0.0, 0.09405782583720249, 0.3701296647691335, 0.8244172494172495,
      0.4983727178995824, 0.3392857142857143, 0.8260869565217391, 0.4810126582278481,
      0.6571595765345766, 1.0573086815001573, 0.20785070785070783, 0.44594594594594594,
      60.937534047417934,
    ],
    [
      0.7941176470588235, 0.632016119488364, 0.8965047310096808, 0.5968614718614719,
      0.5284090909090909, 0.5587662337662338, 0.7941176470588235, 0.7941176470588235,
      0.7941176470588235, 0.834853341103341, 0.8874868290084267, 0.31493160283173,
      0.6090533194605755, 19.98604728604728, 117.0,
    ],
    [
      0.6842105263157895, 0.5254424010939046, 0.8091539632440382, 0.6037698412698412,
      0.7717171717171717, 0.6452488687782806, 0.6842105263157895, 0.6842105263157895,
      0.6842105263157895, 0.8601809764309764, 1.1659907483485605, 0.29173678209837584,
      0.5510148017132408, 0.5526315789473685, 0.5888273779567187, 114.3183161337573, 247.0,
    ],
    [
      0.5, 0.2992980081982124, 0.7007019918017876, 0.5, 0.45, 0.45, 0.4166666666666667,
      0.45454545454545453, 0.43478260869565216, 0.6973809523809524, 0.5848896036484622,
      0.23095238095238096, 0.675, 16.23142857142857,
    ],
  ]

  private static let sums: [[Double]] = [
    [
      414.5202375815194, 298.52531437872756, 466.51201140773105, 346.84208269725127,
      364.9941855386117, 344.2116980073716, 414.5202375815194, 414.5202375815194,
      414.5202375815194, 395.1346171833124, 400.78677532726067, 153.64601738293393,
      259.5489430259049, 19330.031059061057, 36070.12700000002,
    ],
    [
      404.8038211210658, 290.9053368218846, 460.10698445153145, 344.07728815150233,
      364.24999593643406, 342.3987908988284, 404.8038211210658, 404.8038211210658,
      404.8038211210658, 407.61086910256677, 390.3910063565563, 154.8942526314438,
      270.69050644161547, 154.72070648750332, 267.93444365603807, 19577.039350334588,
      38941.991000000016,
    ],
    [
      100.46156985141144, 46.52684756436671, 207.25980804948438, 219.59366671670074,
      244.24031707217634, 188.43246760509115, 215.9759320135094, 247.14723343914267,
      213.61403616002355, 323.8822433750821, 490.622154672434, 107.716937777713,
      300.1124242289193, 19950.912430917408,
    ],
  ]

  private static let kinds: [LabelKind] = [.single, .ordinal, .multiple]

  /// The measures in the order of the Python.
  private func values(_ measures: ClassificationMeasures) -> [Double] {
    let (interval, macro, micro) = (measures.accuracyInterval, measures.macro, measures.micro)
    var values: [Double?] = [
      measures.accuracy, interval?.lowerBound, interval?.upperBound, macro?.precision,
      macro?.recall, macro?.f1, micro.precision, micro.recall, micro.f1, measures.rocArea,
      measures.logLoss, measures.expectedCalibrationError,
    ]
    switch measures.labels.kind {
    case .single: values.append(measures.matthewsCorrelation)
    case .ordinal:
      values.append(measures.matthewsCorrelation)
      values += [measures.meanAbsoluteError, measures.quadraticKappa]
    case .multiple: values.append(measures.decisionAccuracy)
    }
    var sum = 0.0
    for (index, label) in measures.labelMeasures.enumerated() {
      let counts = label.counts
      let parts = [counts.precision, counts.recall, counts.f1, label.rocArea].map { $0 ?? -1 }
      sum +=
        Double(index + 1)
        * parts.enumerated().reduce(0) {
          $0 + Double($1.offset + 1) * $1.element
        }
    }
    values.append(sum)
    if let confusion = measures.confusion {
      let counts = confusion.counts.joined().enumerated()
      values.append(Double(counts.reduce(0) { $0 + ($1.offset + 1) * $1.element }))
    }
    return values.map { $0 ?? -1 }
  }

  @Test("A thousand random label sets")
  func golden() throws {
    var sets = RandomLabelSets()
    var sums = Self.sums.map { $0.map { _ in 0.0 } }
    for index in 0..<1000 {
      let kind = index % 3
      let values = values(try sets.next(Self.kinds[kind]).measures)
      #expect(values.count == sums[kind].count)
      if index < Self.cases.count {
        expectClose(values, Self.cases[index], tolerance: 1e-9, "set \(index)")
      }
      let weight = 1 + Double(index) / 1000
      sums[kind] = zip(sums[kind], values).map { $0 + weight * $1 }
    }
    for (kind, (sums, expected)) in zip(Self.kinds, zip(sums, Self.sums)) {
      expectClose(sums, expected, tolerance: 1e-9, "sums, \(kind)")
    }
  }
}
