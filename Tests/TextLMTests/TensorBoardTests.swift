import Foundation
import TextLM
import Testing

@Suite("TensorBoard")
struct TensorBoardTests {
  /// Records that TensorBoard's own classes write:
  ///
  ///     from tensorboard.compat.proto.event_pb2 import Event, SessionLog
  ///     from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata as Metadata
  ///     from tensorboard.compat.proto.tensor_pb2 import TensorProto
  ///     from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto as Shape
  ///     from tensorboard.summary.writer.record_writer import RecordWriter
  ///     import io
  ///     def record(event):
  ///       file = io.BytesIO(); RecordWriter(file).write(event.SerializeToString())
  ///       return file.getvalue().hex()
  ///     record(Event(wall_time=1.5, file_version="brain.Event:2"))
  ///     record(Event(wall_time=2, step=21, session_log=SessionLog(status=SessionLog.START)))
  ///     record(Event(wall_time=1.5, step=300, summary=Summary(
  ///       value=[Summary.Value(tag="loss", simple_value=0.5)])))
  ///     record(Event(wall_time=1.5, step=300, summary=Summary(value=[
  ///       Summary.Value(tag="a", simple_value=0.25), Summary.Value(tag="b", simple_value=-3)])))
  ///     text = TensorProto(dtype=7, tensor_shape=Shape(dim=[Shape.Dim(size=1)]),
  ///       string_val=["    a\n    ä".encode()])
  ///     record(Event(wall_time=1.5, step=1, summary=Summary(value=[Summary.Value(
  ///       tag="sample", tensor=text,
  ///       metadata=Metadata(plugin_data=Metadata.PluginData(plugin_name="text")))])))
  @Test(
    "records are those of TensorBoard's own writer",
    arguments: [
      (
        TensorBoardEvent(time: 1.5, .fileVersion),
        "1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c"
      ),
      (
        TensorBoardEvent(time: 2, step: 21, .sessionStart),
        "0f000000000000006d532b0909000000000000004010153a020801d06350f8"
      ),
      (
        TensorBoardEvent(time: 1.5, step: 300, .scalars([.init("loss", 0.5)])),
        "1b000000000000001a0d9e1309000000000000f83f10ac022a0d0a0b0a046c6f7373150000003f69f9315b"
      ),
      (
        TensorBoardEvent(time: 1.5, step: 300, .scalars([.init("a", 0.25), .init("b", -3)])),
        "220000000000000078113dfd09000000000000f83f10ac022a140a080a0161150000803e0a080a01621500004"
          + "0c004072f26"
      ),
      (
        TensorBoardEvent(time: 1.5, step: 1, .text(tag: "sample", "a\nä")),
        "39000000000000008b0737f109000000000000f83f10012a2c0a2a0a0673616d706c65421608071204120208"
          + "01420c20202020610a20202020c3a44a080a060a0474657874f9450b4b"
      ),
    ])
  func golden(event: TensorBoardEvent, hexadecimal: String) {
    let written = event.record.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
    #expect(written.joined() == hexadecimal)
  }

  @Test("a second start writes a file that comes after the first, however soon")
  func secondStart() throws {
    let folder = try StorageTestFolder()
    let first = try TensorBoardLog(folder: folder.path("board"), runName: "a", after: 0)
    let second = try TensorBoardLog(folder: folder.path("board"), runName: "a", after: 7)
    #expect(first.path.utf8.lexicographicallyPrecedes(second.path.utf8))
    let name = try #require(first.path.split(separator: "/").last)
    #expect(name.prefixMatch(of: /events\.out\.tfevents\.[0-9]{10}\./) != nil)
    // The first event says the version, the second that steps from the eighth on begin anew.
    let bytes = try Data(contentsOf: URL(filePath: second.path))
    #expect(bytes.count == 71)
    #expect(Array(bytes[40 + 12 + 9..<40 + 12 + 15]) == [0x10, 8, 0x3A, 2, 8, 1])
  }
}
