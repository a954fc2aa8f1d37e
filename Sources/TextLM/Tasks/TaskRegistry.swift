/// The tasks by name.
public struct TaskRegistry: Sendable {
  /// The tasks that come with textlm. A new one is added with one line.
  public static let builtIn = TaskRegistry([
    CopyTask.self, RepeatCopyTask.self, AssociativeRecallTask.self, AddingTask.self,
    CopyMemoryTask.self, DelayedEchoTask.self, LookaheadTask.self, FirstLastTask.self,
    ParityTask.self, MultiQueryRecallTask.self, FactsTask.self, KeyValueTask.self,
    OneShotTask.self, InductionTask.self,
  ])

  /// All tasks, in their order.
  public let all: [any SyntheticTask.Type]

  /// A registry of the given tasks.
  public init(_ tasks: [any SyntheticTask.Type]) {
    all = tasks
  }

  /// The task called `name`.
  public func task(named name: String) throws(TaskError) -> any SyntheticTask.Type {
    guard let found = all.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
      throw .unknownTask(name: name, known: all.map { $0.name })
    }
    return found
  }
}
