import Glibc

/// What tells one state of a file from another without reading it.
public enum FileStamp {
    /// The size and the time of the last change; nil for what is no file, e.g. a pipe.
    public static func of(_ path: String) -> String? {
        var status = stat()
        guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return "\(status.st_size) bytes, \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }

    /// Removes a file that is no longer needed, if it is there.
    public static func remove(_ path: String) throws(FileError) {
        guard unlink(path) == 0 || errno == ENOENT else {
            throw .cannotWrite(path: path, problem: SystemError.last)
        }
    }
}
