extension StorageError: CustomStringConvertible {
  /// The path, what is wrong with it, and what to do next.
  public var description: String {
    switch self {
    case .missing(let path):
      "\(path): no such file or folder; check the spelling"
    case .notAFile(let path, let kind):
      "\(path): is \(kind), expected a file"
    case .notAFolder(let path):
      "\(path): is not a folder; choose another name or move that file away"
    case .invalidPath(let path):
      "\"\(path.split(separator: "\0", omittingEmptySubsequences: false).joined(separator: "\\0"))"
        + "\": does not name a file"
    case .tooLarge(let path, let byteCount, let limit):
      "\(path): has \(byteCount) bytes, at most \(limit) are read"
    case .shrank(let path, let expected, let found):
      "\(path): had \(expected) bytes and now ends after \(found); "
        + "another program is changing it: try again when it is done"
    case .changed(let path):
      "\(path): was changed while it was read; begin again when nobody writes to it any more"
    case .noFiles(let path):
      "\(path): a folder without files to read (names with a dot in front are skipped); choose "
        + "another folder, or name the files"
    case .compressed(let path, let problem):
      "\(path): is compressed with gzip, and \(problem); unpack it with another program"
    case .readBackFailed(let path, let expected, let found):
      "\(path): \(expected) bytes were written and \(found) can be read back; "
        + "the disk may be failing: the old file was kept"
    case .locked(let path, let holder?):
      "\(path): in use by process \(holder.process) on \(holder.host) since \(holder.started); "
        + "wait until it ends, stop it, or choose another folder with -o"
    case .locked(let path, nil):
      "\(path): in use by another process; "
        + "wait until it ends, stop it, or choose another folder with -o"
    case .system(let operation, let path, let code):
      "\(path): \(operation) failed: \(SystemCalls.text(of: code)); "
        + SystemCalls.advice(for: code)
    case .safetensors(let path, let error):
      "\(path): \(error)"
    case .json(let path, let error):
      "\(path): \(error)"
    case .jsonLine(let path, let line, let error):
      "\(path), line \(line): \(error)"
    }
  }
}
