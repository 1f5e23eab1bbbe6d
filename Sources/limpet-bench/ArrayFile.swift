import Glibc

/// A NumPy array file, the format of the races' data. Only the two kinds that the generator writes are read:
/// column-major doubles, and bytes.
struct ArrayFile {
    let shape: [Int]
    private let bytes: [UInt8]
    private let start: Int

    init(_ path: String) throws(RaceError) {
        guard let file = fopen(path, "rb") else { throw RaceError("cannot read \(path)") }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        let size = ftell(file)
        rewind(file)
        bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = fread(buffer.baseAddress, 1, size, file)
        }
        guard bytes.count == size, size > 12 else { throw RaceError("\(path) is cut short") }
        let isLong = bytes[6] >= 2
        let length = Int(bytes[8]) | Int(bytes[9]) << 8 | (isLong ? Int(bytes[10]) << 16 : 0)
        start = (isLong ? 12 : 10) + length
        let header = String(decoding: bytes[(isLong ? 12 : 10)..<start], as: UTF8.self)
        guard let open = header.lastIndex(of: "("), let close = header.lastIndex(of: ")") else {
            throw RaceError("\(path) has no shape")
        }
        shape = header[header.index(after: open)..<close].split(separator: ",").compactMap {
            Int($0.filter(\.isNumber))
        }
        guard shape.count == 1 || header.contains("'fortran_order': True") || shape[1] == 1 else {
            throw RaceError("\(path) holds rows, expected columns")
        }
    }

    /// Returns one column of doubles.
    func column(_ index: Int) -> [Double] {
        let rows = shape[0]
        let first = start + index * rows * 8
        return [Double](unsafeUninitializedCapacity: rows) { buffer, count in
            bytes.withUnsafeBytes { source in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: source[first..<(first + rows * 8)]))
            }
            count = rows
        }
    }

    /// The bytes as labels.
    var labels: [Bool] { numbers.map { $0 != 0 } }

    /// The bytes as numbers.
    var numbers: ArraySlice<UInt8> { bytes[start..<(start + shape[0])] }
}

struct RaceError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
