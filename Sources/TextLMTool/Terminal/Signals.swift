#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif
import Synchronization

/// Ctrl-C, SIGTERM and SIGHUP while training: the first asks for a stop after the present step, a
/// second one, whichever it is, ends the process at once, which loses nothing that was saved.
enum Signals {
  private static let received = Atomic<Int32>(0)
  private static let listensToHangup = Atomic<Bool>(false)

  /// The signal that asked for a stop, if any.
  static var stopSignal: Int32? {
    let signal = received.load(ordering: .relaxed)
    return signal == 0 ? nil : signal
  }

  /// From now on, signals are noted. One that the caller has the process ignore, as `nohup` does
  /// with SIGHUP, stays ignored.
  static func listen() {
    // Only what is safe in a signal handler: no allocation, hence no loop over an array.
    let note: @convention(c) (Int32) -> Void = { number in
      let earlier = Signals.received.exchange(number, ordering: .relaxed)
      signal(SIGINT, SIG_DFL)
      signal(SIGTERM, SIG_DFL)
      if Signals.listensToHangup.load(ordering: .relaxed) { signal(SIGHUP, SIG_DFL) }
      // Two that came together both get here; the second has its default effect all the same.
      if earlier != 0 { raise(number) }
    }
    listensToHangup.store(!isIgnored(SIGHUP), ordering: .relaxed)
    for number in [SIGINT, SIGTERM, SIGHUP] where !isIgnored(number) { signal(number, note) }
  }

  /// A reader that goes away, and a file that reaches the limit on sizes, are errors of writing:
  /// they must not kill the process.
  static func turnIntoErrors() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    #if canImport(Darwin)
      let handler = action.__sigaction_u.__sa_handler
    #else
      let handler = action.__sigaction_handler.sa_handler
    #endif
    // Pointers to functions have no ==, and this one is a number in disguise.
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
