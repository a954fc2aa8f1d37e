/// Texts of which the words tell the label.
enum ToolReviews {
  static let subjects = [
    "film", "soup", "train", "hotel", "phone", "book", "garden", "coat", "dentist", "song",
    "lamp", "bread", "bicycle", "museum", "tea", "chair",
  ]

  /// A table of praise and blame of each subject.
  static func table(_ subjects: [String] = subjects) -> String {
    var table = "text,label\n"
    for subject in subjects {
      table += "\"A lovely \(subject), I was delighted.\",good\n"
      table += "The \(subject) was awful and I was angry.,bad\n"
    }
    return table
  }
}
