import LimpetEvents

/// Entries of message keys as they are laid aside: 17 bytes each, where those of memory have 24.
///
/// All entries of a part share the first byte of their keys, and in the order of arrival a part's rows are
/// some 256 apart: the key's other 15 bytes are kept, and two of the distance from the row before. A larger
/// distance is said by 65,535, after which eight bytes have the row.
enum PackedEntries {
    /// The bytes of an entry, but for rows that are far from the one before.
    static let length = 17
    private static let far = UInt64(UInt16.max)

    /// Packs entries that ascend by arrival.
    static func bytes(of entries: [MessageSort.Entry]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: entries.count * length)
        var (last, place): (UInt64, Int) = (0, 0)
        let source = entries.span
        for index in source.indices {
            let entry = source[index]
            let distance = entry.arrival - last
            last = entry.arrival
            if distance >= far { bytes += [UInt8](repeating: 0, count: 8) }
            var span = bytes.mutableSpan
            var words = span.mutableBytes
            let word = entry.key.high << 8 | min(distance, far) & 0xff
            words.storeBytes(of: word, toByteOffset: place, as: UInt64.self)
            words.storeBytes(of: entry.key.low, toByteOffset: place + 8, as: UInt64.self)
            words.storeBytes(
                of: UInt8(truncatingIfNeeded: min(distance, far) >> 8), toByteOffset: place + 16,
                as: UInt8.self)
            place += length
            guard distance >= far else { continue }
            words.storeBytes(of: entry.arrival, toByteOffset: place, as: UInt64.self)
            place += 8
        }
        return bytes
    }

    /// Appends the entries of packed bytes.
    ///
    /// - Parameter part: the first byte of their keys.
    static func append(_ bytes: [UInt8], part: Int, to entries: inout [MessageSort.Entry]) {
        let words = bytes.span.bytes
        var (arrival, place): (UInt64, Int) = (0, 0)
        while place < bytes.count {
            let word = words.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
            let low = words.unsafeLoadUnaligned(fromByteOffset: place + 8, as: UInt64.self)
            let distance = word & 0xff | UInt64(bytes[place + 16]) << 8
            place += length
            if distance == far {
                arrival = words.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
                place += 8
            } else {
                arrival += distance
            }
            let key = MessageKey(high: word >> 8 | UInt64(part) << 56, low: low)
            entries.append(MessageSort.Entry(key: key, arrival: arrival))
        }
    }
}
