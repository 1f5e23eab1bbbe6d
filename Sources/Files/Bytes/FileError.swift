/// The reason why a file could not be read or written.
public enum FileError: Error, Hashable, CustomStringConvertible {
    /// The file cannot be opened or read.
    case cannotRead(path: String, problem: String)
    /// The gzip data ends in the middle.
    case truncatedGzip(path: String)
    /// The file cannot be written.
    case cannotWrite(path: String, problem: String)

    /// The file and the problem.
    public var description: String {
        switch self {
        case .cannotRead(let path, let problem): "\(path): cannot be read: \(problem)"
        case .truncatedGzip(let path): "\(path): the gzip data ends in the middle; the file is incomplete"
        case .cannotWrite(let path, let problem): "\(path): cannot be written: \(problem)"
        }
    }
}
