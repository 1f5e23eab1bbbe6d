/// The encoding of an integer column in few bits (frame of reference): runs of 1,024 values, each stored as
/// its minimum and the differences from it, at the width that the largest difference needs. Where differences
/// of neighbours need fewer bytes, these are encoded instead.
package enum PackedIntegers {
    static let runLength = 1_024

    /// The form in which a column is stored: its values, or the differences of neighbours.
    enum Form: UInt8 {
        case values = 0
        case differences = 1
    }

    package static func pack(_ numbers: [Int64]) -> [UInt8] {
        var differences = numbers
        for place in numbers.indices.dropFirst() {
            differences[place] = numbers[place] &- numbers[place - 1]
        }
        // The first value is stored on its own: as a difference from 0 it would widen its run.
        let first = differences.first ?? 0
        if !differences.isEmpty { differences[0] = 0 }
        let (plain, stepped) = (runs(of: numbers), runs(of: differences))
        let lengths = (plain: length(plain), stepped: length(stepped))
        var bytes = LogBytes()
        bytes.reserve(9 + min(lengths.plain, lengths.stepped))
        guard lengths.stepped + 8 < lengths.plain else {
            bytes.append(byte: Form.values.rawValue)
            for run in plain { append(run, of: numbers, to: &bytes) }
            return bytes.bytes
        }
        bytes.append(byte: Form.differences.rawValue)
        bytes.append(fixed: UInt64(bitPattern: first))
        for run in stepped { append(run, of: differences, to: &bytes) }
        return bytes.bytes
    }

    /// A run of values: their range in the column, their minimum, and the bits of each difference from it.
    private struct Run {
        var range: Range<Int>
        var least: Int64
        var width: Int

        /// The number of bytes of the encoded run.
        var length: Int { 9 + (width * range.count + 7) / 8 }
    }

    private static func length(_ runs: [Run]) -> Int { runs.reduce(0) { $0 + $1.length } }

    private static func runs(of numbers: [Int64]) -> [Run] {
        stride(from: 0, to: numbers.count, by: runLength).map { start in
            let range = start..<min(start + runLength, numbers.count)
            var (least, greatest) = (numbers[start], numbers[start])
            for place in range {
                least = min(least, numbers[place])
                greatest = max(greatest, numbers[place])
            }
            return Run(range: range, least: least, width: width(of: UInt64(bitPattern: greatest &- least)))
        }
    }

    /// Returns the width in bits of a difference. Widths from 57 to 63 are rounded up to 64, so that a value
    /// never spans more than eight bytes.
    private static func width(of greatest: UInt64) -> Int {
        let bits = 64 - greatest.leadingZeroBitCount
        return bits > 56 ? 64 : bits
    }

    private static func append(_ run: Run, of numbers: [Int64], to bytes: inout LogBytes) {
        bytes.append(fixed: UInt64(bitPattern: run.least))
        bytes.append(byte: UInt8(run.width))
        guard run.width > 0 else { return }
        guard run.width < 64 else {
            for place in run.range { bytes.append(fixed: UInt64(bitPattern: numbers[place] &- run.least)) }
            return
        }
        let length = (run.width * run.range.count + 7) / 8
        // Bits are stored as words, of which the last may be longer than what it holds.
        var packed = [UInt8](repeating: 0, count: length + 8)
        store(run, of: numbers, in: &packed)
        packed.removeLast(8)
        bytes.append(raw: packed)
    }

    private static func store(_ run: Run, of numbers: [Int64], in packed: inout [UInt8]) {
        let numbers = numbers.span
        var span = packed.mutableSpan
        var words = span.mutableBytes
        var (bits, filled, next): (UInt64, Int, Int) = (0, 0, 0)
        for place in run.range {
            let difference = UInt64(bitPattern: numbers[place] &- run.least)
            bits |= difference << UInt64(filled)
            filled += run.width
            guard filled >= 64 else { continue }
            words.storeBytes(of: bits.littleEndian, toByteOffset: next, as: UInt64.self)
            next += 8
            filled -= 64
            bits = filled == 0 ? 0 : difference >> UInt64(run.width - filled)
        }
        if filled > 0 { words.storeBytes(of: bits.littleEndian, toByteOffset: next, as: UInt64.self) }
    }

    /// Returns the values of a column of `count` rows, which must end where the bytes end.
    package static func unpack(_ reader: inout LogBytesReader, count: Int) throws(ColumnarLogDamage)
        -> [Int64]
    {
        guard let form = Form(rawValue: try reader.byte()) else {
            throw reader.damage("a column of an unknown form")
        }
        var last = form == .differences ? Int64(bitPattern: try reader.fixed()) : 0
        var numbers: [Int64] = []
        numbers.reserveCapacity(count)
        while numbers.count < count {
            try appendRun(&reader, count: min(runLength, count - numbers.count), to: &numbers)
        }
        guard reader.remaining == 0 else { throw reader.damage("bytes after the end of a column") }
        guard form == .differences else { return numbers }
        for place in numbers.indices {
            last = last &+ numbers[place]
            numbers[place] = last
        }
        return numbers
    }

    private static func appendRun(
        _ reader: inout LogBytesReader, count: Int, to numbers: inout [Int64]
    ) throws(ColumnarLogDamage) {
        let least = Int64(bitPattern: try reader.fixed())
        let width = Int(try reader.byte())
        guard width <= 56 || width == 64 else { throw reader.damage("values of \(width) bits") }
        guard width > 0 else {
            numbers.append(contentsOf: repeatElement(least, count: count))
            return
        }
        var packed = Array(reader.bytes[try reader.skip((width * count + 7) / 8)])
        // Words are read at the byte in which a value begins, also the last ones.
        packed.append(contentsOf: repeatElement(0, count: 8))
        let words = packed.span.bytes
        let mask = width == 64 ? UInt64.max : (1 << UInt64(width)) - 1
        numbers.append(addingCapacity: count) { values in
            for place in 0..<count {
                let bit = place * width
                let word = words.unsafeLoadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self)
                let difference = UInt64(littleEndian: word) >> UInt64(bit & 7) & mask
                values.append(least &+ Int64(bitPattern: difference))
            }
        }
    }
}
