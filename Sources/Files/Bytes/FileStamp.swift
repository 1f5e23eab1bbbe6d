import Glibc

/// A stamp that differs between two states of a file, taken without reading the file.
public enum FileStamp {
    /// Returns the size and the time of the last change of a file; nil for a path that is not a regular file,
    /// e.g. a pipe.
    public static func of(_ path: String) -> String? {
        var status = stat()
        guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return "\(status.st_size) bytes, \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }

    /// Removes a file; a file that does not exist is no error.
    public static func remove(_ path: String) throws(FileError) {
        guard unlink(path) == 0 || errno == ENOENT else {
            throw .cannotWrite(path: path, problem: SystemError.last)
        }
    }
}
