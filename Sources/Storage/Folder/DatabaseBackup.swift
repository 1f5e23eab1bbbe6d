import Glibc

/// A copy of an open database, made while it is written to.
///
/// The states are copied first, so that the log's copy holds all records that they tell of. The log gets its
/// name last: a copy that was interrupted is no database. To restore is to start a service on the copy.
package enum DatabaseBackup {
    /// Copies log and states to a folder, which is made if there is none.
    ///
    /// - Returns: the last record of the copy.
    /// - Throws: ``StorageError`` when the folder is not empty, or the copy failed; it is then incomplete,
    ///   and refused as a database.
    @discardableResult
    package static func write(
        _ log: RecordLog, _ states: StateTable, to path: String
    ) throws(StorageError) -> Int64 {
        if mkdir(path, 0o700) != 0, errno != EEXIST {
            throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
        }
        guard FolderContents.names(in: path)?.isEmpty == true else { throw .notEmpty(path: path) }
        let (logPath, statesPath) = (path + "/" + FolderContents.log, path + "/" + FolderContents.states)
        try states.copy(to: statesPath)
        try FolderContents.synchronise(statesPath)
        let last = try log.copy(to: logPath + ".part")
        try FolderContents.synchronise(logPath + ".part")
        guard rename(logPath + ".part", logPath) == 0 else {
            throw .cannotOpen(path: logPath, reason: String(cString: strerror(errno)))
        }
        try FolderContents.synchronise(path)
        return last
    }
}

extension RecordLog {
    /// Copies the file in steps between which others write; returns the last record of the copy.
    func copy(to path: String) throws(StorageError) -> Int64 {
        try write { writer throws(StorageError) in try writer.beginCopy(to: path) }
        while true {
            PageCopy.pause()
            let last = try write { writer throws(StorageError) -> Int64? in
                try writer.continueCopy() ? writer.last : nil
            }
            if let last { return last }
        }
    }
}
