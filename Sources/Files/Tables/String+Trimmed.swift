extension String {
    /// The text without spaces and tabs at its ends. Most texts have none, and are returned unchanged.
    var trimmed: String {
        guard let first = utf8.first, let last = utf8.last else { return self }
        guard first == 32 || first == 9 || last == 32 || last == 9 else { return self }
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let start = firstIndex(where: { !isSpace($0) }), let end = lastIndex(where: { !isSpace($0) })
        else {
            return ""
        }
        return String(self[start...end])
    }
}

extension Span<UInt8> {
    /// The bytes without spaces and tabs at the ends.
    var trimmed: Span<UInt8> {
        @inline(__always)
        @_lifetime(copy self) get {
            guard !isEmpty, self[0] <= 32 || self[count - 1] <= 32 else { return self }
            return shorter
        }
    }

    private var shorter: Span<UInt8> {
        @_lifetime(copy self) get {
            var (start, end) = (0, count)
            while start < end, self[start] == 32 || self[start] == 9 { start += 1 }
            while end > start, self[end - 1] == 32 || self[end - 1] == 9 { end -= 1 }
            return extracting(start..<end)
        }
    }
}
