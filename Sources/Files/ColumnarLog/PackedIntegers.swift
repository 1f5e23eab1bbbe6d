/// A column of whole numbers in few bits: runs of 1,024, each as its least value and the differences from it at
/// the width that the greatest of them needs (frame of reference). Where neighbours are nearer to each other
/// than to the least, differences of neighbours are packed instead.
package enum PackedIntegers {
    static let runLength = 1_024

    /// How the numbers of a column are told.
    enum Form: UInt8 {
        case values = 0
        case differences = 1
    }

    package static func pack(_ numbers: [Int64]) -> [UInt8] {
        var differences = numbers
        for place in numbers.indices.dropFirst() {
            differences[place] = numbers[place] &- numbers[place - 1]
        }
        // The first stands for itself, and would widen its run.
        let first = differences.first ?? 0
        if !differences.isEmpty { differences[0] = 0 }
        let plain = body(numbers)
        let stepped = body(differences)
        var bytes = LogBytes()
        guard stepped.count + 8 < plain.count else {
            bytes.append(byte: Form.values.rawValue)
            bytes.append(raw: plain)
            return bytes.bytes
        }
        bytes.append(byte: Form.differences.rawValue)
        bytes.append(fixed: UInt64(bitPattern: first))
        bytes.append(raw: stepped)
        return bytes.bytes
    }

    private static func body(_ numbers: [Int64]) -> [UInt8] {
        var bytes = LogBytes()
        for start in stride(from: 0, to: numbers.count, by: runLength) {
            let run = numbers[start..<min(start + runLength, numbers.count)]
            guard let least = run.min(), let greatest = run.max() else { continue }
            let width = width(of: UInt64(bitPattern: greatest &- least))
            bytes.append(fixed: UInt64(bitPattern: least))
            bytes.append(byte: UInt8(width))
            append(run, least: least, width: width, to: &bytes)
        }
        return bytes.bytes
    }

    /// Widths from 57 to 63 are written as 64, so that a value never spans more than eight bytes when it is read.
    private static func width(of greatest: UInt64) -> Int {
        let bits = 64 - greatest.leadingZeroBitCount
        return bits > 56 ? 64 : bits
    }

    private static func append(
        _ run: ArraySlice<Int64>, least: Int64, width: Int, to bytes: inout LogBytes
    ) {
        guard width > 0 else { return }
        guard width < 64 else {
            for number in run { bytes.append(fixed: UInt64(bitPattern: number &- least)) }
            return
        }
        var (bits, filled): (UInt64, Int) = (0, 0)
        for number in run {
            bits |= UInt64(bitPattern: number &- least) << UInt64(filled)
            filled += width
            while filled >= 8 {
                bytes.append(byte: UInt8(truncatingIfNeeded: bits))
                bits >>= 8
                filled -= 8
            }
        }
        if filled > 0 { bytes.append(byte: UInt8(truncatingIfNeeded: bits)) }
    }

    /// The numbers of a column of a stated length, which must end where the bytes end.
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
        let range = try reader.skip((width * count + 7) / 8)
        let span = reader.bytes.span.extracting(range)
        let mask = width == 64 ? UInt64.max : (1 << UInt64(width)) - 1
        var (bits, filled, next): (UInt64, Int, Int) = (0, 0, 0)
        for _ in 0..<count {
            // At most 56 bits stand here when a byte is added.
            while filled < width {
                bits |= UInt64(span[next]) << UInt64(filled)
                filled += 8
                next += 1
            }
            numbers.append(least &+ Int64(bitPattern: bits & mask))
            bits = width == 64 ? 0 : bits >> UInt64(width)
            filled -= width
        }
    }
}
