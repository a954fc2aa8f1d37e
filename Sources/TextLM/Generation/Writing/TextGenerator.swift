/// A text being written by a model: a sequence of pieces, each of whole characters.
///
/// It ends where the model ends the document or its rules say, and without rules otherwise never:
/// take as much as you need with `prefix`. Most pieces are one character; a character that is spelled
/// in byte tokens comes when its last byte has.
public struct TextGenerator: Sequence, IteratorProtocol {
  private let reader: any NextTokenReader
  private var course: TextCourse
  private var unread: [TokenID]
  private var released: ArraySlice<WrittenToken> = []

  init(reader: any NextTokenReader, prompt: [TokenID], course: TextCourse) {
    self.init(reader: reader, unread: [Vocabulary.boundary] + prompt, course: course)
  }

  /// A text behind what the reader has read and `unread`, of which there is one token at least.
  init(reader: any NextTokenReader, unread: [TokenID], course: TextCourse) {
    self.reader = reader
    self.unread = unread
    self.course = course
  }

  /// Why the text ended; nil while it goes on.
  public var finishReason: FinishReason? {
    released.isEmpty ? course.finishReason : nil
  }

  /// The next token, or nil when the text has ended.
  public mutating func nextStep() -> WrittenToken? {
    while released.isEmpty, course.finishReason == nil {
      if let token = course.next(reader.logits(after: unread)) { unread = [token] }
      released = course.takeReleased()[...]
    }
    return released.popFirst()
  }

  /// The next piece of text, or nil when the text has ended.
  public mutating func next() -> String? {
    while let step = nextStep() {
      if !step.text.isEmpty { return step.text }
    }
    let rest = course.finish()
    return rest.isEmpty ? nil : rest
  }
}
