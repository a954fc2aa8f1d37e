extension Double {
  /// A number of nats as one of powers of ten: −log10 p of −ln p.
  var powersOfTen: Double { self / 2.302585092994046 }
}
