import Foundation
public import Testing

extension Tag {
  /// Takes longer than a person waits for; runs where `TEXTLM_SLOW_TESTS` is 1.
  @Tag public static var slow: Self
}

/// Whether slow tests run.
public let slowTestsAreEnabled = ProcessInfo.processInfo.environment["TEXTLM_SLOW_TESTS"] == "1"
