extension GzipUnpacker {
    /// Returns the decompressed bytes of a whole gzip file in memory; nil when it is corrupt, ends early, or
    /// holds more than a number of bytes.
    package static func unpacked(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
        guard !bytes.isEmpty, let unpacker = GzipUnpacker() else { return nil }
        unpacker.feed(bytes)
        var unpacked: [UInt8] = []
        while !(unpacker.wantsInput && unpacker.isBetweenMembers) {
            let before = unpacked.count
            guard unpacker.unpack(min(1 << 16, limit + 1 - before), into: &unpacked) else { return nil }
            if unpacked.count > limit { return nil }
            let isStuck = unpacked.count == before && unpacker.wantsInput && !unpacker.isBetweenMembers
            if isStuck { return nil }
        }
        return unpacked
    }
}
