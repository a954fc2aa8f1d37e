import TextLMTensors
import Testing

@Suite("Engine")
struct EngineTests {
  @Test func facts() {
    #expect(Engine.threadCount >= 1)
    #expect(InstructionSet.allCases.contains(Engine.instructionSet))
    let version = Engine.oneDNNVersion.split(separator: ".").compactMap { Int($0) }
    #expect(version.count == 3 && version[0] >= 2, "oneDNN 2 or later, not \(version)")
  }
}
