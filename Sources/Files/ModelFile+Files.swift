import LimpetDocuments
import LimpetEvents
public import LimpetScoring

extension ModelFile {
    /// Reads and verifies a model, given as a file, or as a version or an alias of a registry; see
    /// ``ModelReference``.
    ///
    /// - Throws: ``FileError`` when it cannot be read, `InputError` when it is refused or does not exist.
    public static func read(_ reference: String) throws -> Verified {
        let path = try ModelReference(reference).path()
        let bytes = try ByteSource(path: path).readAll(limit: JSONReader.Limits().bytes)
        do {
            return try decode(bytes, zone: { ZoneDirectory.system.rules(named: $0) })
        } catch {
            throw InputError(InputPlace(file: path), "\(error)")
        }
    }

    /// Writes a model file and returns the model's hash.
    public static func write(_ model: Model, to path: String) throws(FileError) -> String {
        let (bytes, hash) = encode(model)
        try FileWriter.write(bytes, to: path)
        return hash
    }
}
