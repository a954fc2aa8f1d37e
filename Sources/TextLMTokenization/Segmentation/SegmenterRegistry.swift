/// The segmenters that can be asked for by name.
public struct SegmenterRegistry: Sendable {
  /// The segmenters of this package; the first is the default.
  public static let builtIn = SegmenterRegistry([
    CodePointSegmenter.self,
    GraphemeSegmenter.self,
    ByteSegmenter.self,
    WordSegmenter.self,
  ])

  /// The segmenters, in the order in which they are listed to people.
  public let segmenters: [any Segmenter.Type]

  /// Makes a registry of segmenters with different names.
  public init(_ segmenters: [any Segmenter.Type]) {
    self.segmenters = segmenters
  }

  /// The names, in order.
  public var names: [String] {
    segmenters.map { $0.name }
  }

  /// The segmenter of this name, for texts of a locale or, with none, of none in particular.
  ///
  /// - Throws: `TextError.unknownSegmenter`; `TextError.unknownLocale` when the segmenter depends on
  ///   the locale and ICU does not know it.
  public func segmenter(
    named name: String, locale: String = ""
  ) throws(TextError) -> any Segmenter {
    guard let found = segmenters.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
      throw .unknownSegmenter(name: name, known: names)
    }
    return try found.init(locale: locale)
  }
}
