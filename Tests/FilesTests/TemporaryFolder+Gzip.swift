import Foundation
import LimpetFiles
import LimpetTestSupport

extension TemporaryFolder {
    /// The bytes packed as one member of gzip.
    func packed(_ bytes: some Collection<UInt8>) throws -> [UInt8] {
        let path = file("packed-\(UUID().uuidString).gz")
        try FileWriter.write(Array(bytes), to: path)
        return try contents(path)
    }
}
