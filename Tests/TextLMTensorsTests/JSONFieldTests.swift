import Testing
import TextLMTensors

@Suite("JSON fields")
struct JSONFieldTests {
  private func config(_ text: String) throws -> JSONField {
    JSONField(try JSONValue(parsing: text), path: "config")
  }

  @Test func readsEveryType() throws {
    let field = try config(
      #"{"s":"x","i":3,"d":0.5,"b":true,"seed":18446744073709551615,"a":[1,2],"o":{"k":"v"},"n":null}"#
    )
    #expect(try field.string("s") == "x")
    #expect(try field.int("i", in: 1...64) == 3)
    #expect(try field.double("d", in: 0...1) == 0.5)
    #expect(try field.double("i") == 3)
    #expect(try field.bool("b"))
    #expect(try field.uint64("seed") == .max)
    #expect(try field.uint64("i") == 3)
    #expect(try field.field("a").elements().map { try $0.int() } == [1, 2])
    #expect(try field.field("o").string("k") == "v")
    #expect(try field.optionalField("n") == nil)
    #expect(try field.optionalField("absent") == nil)
    #expect(try field.optionalField("i")?.int() == 3)
    try field.allowOnly(["s", "i", "d", "b", "seed", "a", "o", "n", "more"])
  }

  struct Complaint: Sendable, CustomTestStringConvertible {
    let value: String
    let text: String
    var testDescription: String { value }
  }

  @Test(arguments: [
    Complaint(value: "0", text: "config.x: expected an integer from 1 to 64, found the integer 0"),
    Complaint(
      value: "65", text: "config.x: expected an integer from 1 to 64, found the integer 65"),
    Complaint(
      value: "1.0", text: "config.x: expected an integer from 1 to 64, found the number 1.0"),
    Complaint(
      value: "1e3", text: "config.x: expected an integer from 1 to 64, found the number 1000.0"),
    Complaint(
      value: "-0", text: "config.x: expected an integer from 1 to 64, found the number -0.0"),
    Complaint(
      value: "18446744073709551615",
      text: "config.x: expected an integer from 1 to 64, found the integer 18446744073709551615"),
    Complaint(
      value: "\"1\"", text: "config.x: expected an integer from 1 to 64, found the string \"1\""),
    Complaint(value: "true", text: "config.x: expected an integer from 1 to 64, found true"),
    Complaint(value: "null", text: "config.x: expected an integer from 1 to 64, found null"),
    Complaint(
      value: "[1]", text: "config.x: expected an integer from 1 to 64, found an array of 1"),
    Complaint(value: "{}", text: "config.x: expected an integer from 1 to 64, found an object"),
  ])
  func saysWhereAndWhatWasExpected(_ complaint: Complaint) throws {
    let field = try config("{\"x\":\(complaint.value)}")
    let error = #expect(throws: JSONFieldError.self) { try field.int("x", in: 1...64) }
    #expect(error?.description == complaint.text)
  }

  @Test func namesNestedPlacesAndUnknownKeys() throws {
    let field = try config(#"{"layers":[{"size":1},{"size":"big"}],"lr":-1}"#)
    let layers = try field.field("layers").elements()
    #expect(throws: JSONFieldError.missing(path: "config.layers[0].rate")) {
      try layers[0].double("rate")
    }
    #expect(
      throws: JSONFieldError.wrongType(
        path: "config.layers[1].size", expected: "an integer of at least 1",
        found: "the string \"big\"")
    ) { try layers[1].int("size", in: 1...Int.max) }
    #expect(
      throws: JSONFieldError.outOfRange(
        path: "config.lr", expected: "a number of at least 0.0", found: "the integer -1")
    ) { try field.double("lr", in: 0...Double.infinity) }
    #expect(throws: JSONFieldError.unknownKey(path: "config.lr", known: ["layers"])) {
      try field.allowOnly(["layers"])
    }
    #expect(
      throws: JSONFieldError.outOfRange(
        path: "config.lr", expected: "an integer from 0 to 18446744073709551615",
        found: "the integer -1")
    ) { try field.uint64("lr") }
  }

  @Test func tooLargeForAnyIntegerNamesTheUpperBound() throws {
    let field = try config(#"{"x":9223372036854775808}"#)
    #expect(
      throws: JSONFieldError.outOfRange(
        path: "config.x", expected: "an integer from 0 to 9223372036854775807",
        found: "the integer 9223372036854775808")
    ) { try field.int("x", in: 0...Int.max) }
  }

  @Test func messagesCannotSteerATerminal() throws {
    let key = "\u{1B}[2J\u{202E}\"\u{85}" + String(repeating: "x", count: 100)
    let field = try config("{}")
    let error = #expect(throws: JSONFieldError.self) { try field.string(key) }
    let text = error?.description ?? ""
    #expect(text.hasPrefix("config.\"\\u{1b}[2J\\u{202e}\\\"\\u{85}xxx"))
    #expect(text.hasSuffix("xxx\"...: missing"))
    #expect(text.utf8.count < 120)
  }
}
