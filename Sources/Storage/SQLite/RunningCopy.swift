/// The copy that a writer makes of its file, at most one at a time.
struct RunningCopy: Sendable {
    private var copy: PageCopy?

    /// Begins a copy, in place of one that runs.
    mutating func begin(
        of file: DatabaseFile, through writer: SQLiteConnection, to path: String
    ) throws(StorageError) {
        abandon()
        do throws(SQLiteFault) { copy = try PageCopy(of: writer, to: path) } catch { throw file.error(error) }
    }

    /// Copies some pages; true when the copy is complete.
    mutating func advance(of file: DatabaseFile) throws(StorageError) -> Bool {
        guard let copy else { throw .failed("the copy was interrupted; make it again") }
        do throws(SQLiteFault) {
            guard try copy.step() else { return false }
        } catch {
            abandon()
            throw file.error(error)
        }
        abandon()
        return true
    }

    /// Ends the copy, if one runs.
    mutating func abandon() {
        copy?.abandon()
        copy = nil
    }
}
