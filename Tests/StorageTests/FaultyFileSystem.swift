import Foundation
import GRDBSQLite
import Synchronization

/// A file system of SQLite whose syncs and writes fail as a test asks, for the files of one folder.
///
/// All else is done by the system's own, on real files.
enum FaultyFileSystem {
    /// The name by which SQLite knows it.
    static var name: String {
        _ = registration
        return "limpet-faults"
    }

    /// The faults of a folder's files.
    struct Faults: Sendable {
        /// The syncs of write-ahead logs that fail from now on.
        var logSyncs = 0
        /// The syncs of database files that fail from now on.
        var fileSyncs = 0
        /// The file in whose presence writes of write-ahead logs find the disk full.
        var fullWithFile: String?
    }

    private struct OpenFile: Sendable {
        let path: String
        let isLog: Bool
        let methods: UInt
    }

    private static let faults = Mutex<[String: Faults]>([:])
    private static let files = Mutex<[UInt: OpenFile]>([:])
    private static let patched = Mutex<[UInt: UInt]>([:])

    /// Sets the faults of the files in a folder.
    static func set(_ new: Faults, in folder: String) { faults.withLock { $0[folder] = new } }

    /// Takes one of the faults of a file's folder; false when there is none left.
    private static func take(_ file: OpenFile, _ count: any WritableKeyPath<Faults, Int> & Sendable) -> Bool {
        faults.withLock { faults in
            guard let folder = faults.keys.first(where: { file.path.hasPrefix($0 + "/") }) else {
                return false
            }
            guard let left = faults[folder]?[keyPath: count], left > 0 else { return false }
            faults[folder]?[keyPath: count] = left - 1
            return true
        }
    }

    private static func isFull(_ file: OpenFile) -> Bool {
        guard file.isLog else { return false }
        let reserve = faults.withLock { faults in
            faults.first { file.path.hasPrefix($0.key + "/") }?.value.fullWithFile
        }
        return reserve.map { access($0, F_OK) == 0 } ?? false
    }

    private static func methods(_ address: UInt) -> UnsafePointer<sqlite3_io_methods>? {
        UnsafePointer(bitPattern: address)
    }

    private static func sync(_ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32) -> Int32 {
        guard let open = files.withLock({ $0[UInt(bitPattern: file)] }) else { return SQLITE_IOERR }
        if take(open, open.isLog ? \.logSyncs : \.fileSyncs) { return SQLITE_IOERR | (4 << 8) }
        return methods(open.methods)?.pointee.xSync(file, flags) ?? SQLITE_IOERR
    }

    private static func write(
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ bytes: UnsafeRawPointer?, _ count: Int32,
        _ place: Int64
    ) -> Int32 {
        guard let open = files.withLock({ $0[UInt(bitPattern: file)] }) else { return SQLITE_IOERR }
        if isFull(open) { return SQLITE_FULL }
        return methods(open.methods)?.pointee.xWrite(file, bytes, count, place) ?? SQLITE_IOERR
    }

    /// Puts our sync and write in the place of an open file's.
    private static func patch(_ file: UnsafeMutablePointer<sqlite3_file>, path: String, isLog: Bool) {
        guard let original = file.pointee.pMethods else { return }
        let address = UInt(bitPattern: original)
        let changed = patched.withLock { patched in
            if let known = patched[address] { return known }
            var methods = original.pointee
            methods.xSync = { FaultyFileSystem.sync($0, $1) }
            methods.xWrite = { FaultyFileSystem.write($0, $1, $2, $3) }
            let copy = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
            copy.initialize(to: methods)
            patched[address] = UInt(bitPattern: copy)
            return UInt(bitPattern: copy)
        }
        files.withLock {
            $0[UInt(bitPattern: file)] = OpenFile(path: path, isLog: isLog, methods: address)
        }
        file.pointee.pMethods = methods(changed)
    }

    private static let registration: Int32 = {
        guard let system = sqlite3_vfs_find(nil) else { return SQLITE_ERROR }
        let ours = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        ours.initialize(to: system.pointee)
        ours.pointee.zName = UnsafePointer(strdup("limpet-faults"))
        ours.pointee.pNext = nil
        ours.pointee.xOpen = { _, name, file, flags, given in
            guard let system = sqlite3_vfs_find(nil), let file else { return SQLITE_ERROR }
            let code = system.pointee.xOpen(system, name, file, flags, given)
            let isLog = flags & SQLITE_OPEN_WAL != 0
            if code == SQLITE_OK, let name, isLog || flags & SQLITE_OPEN_MAIN_DB != 0 {
                FaultyFileSystem.patch(file, path: String(cString: name), isLog: isLog)
            }
            return code
        }
        return sqlite3_vfs_register(ours, 0)
    }()
}
