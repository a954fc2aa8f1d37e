#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif
import Synchronization

/// Ctrl-C, SIGTERM and SIGHUP while training: the first asks for a stop after the present step, a
/// second one ends the process at once, which loses nothing that was saved.
enum Signals {
  private static let received = Atomic<Int32>(0)

  /// The signal that asked for a stop, if any.
  static var stopSignal: Int32? {
    let signal = received.load(ordering: .relaxed)
    return signal == 0 ? nil : signal
  }

  /// From now on, signals are noted.
  static func listen() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
      let handler: @convention(c) (Int32) -> Void = { signal in
        Signals.received.store(signal, ordering: .relaxed)
      }
      #if canImport(Darwin)
        action.__sigaction_u.__sa_handler = handler
      #else
        action.__sigaction_handler.sa_handler = handler
      #endif
      sigaction(number, &action, nil)
    }
  }

  /// A reader that goes away is noticed when writing, not by being killed.
  static func ignoreBrokenPipes() {
    signal(SIGPIPE, SIG_IGN)
  }
}
