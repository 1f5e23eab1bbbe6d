extension String {
    /// The text in quotes with control characters escaped, cut after 60 characters to keep messages readable.
    package var quoted: String {
        let limit = 60
        let shown = unicodeScalars.prefix(limit).map { $0.escaped(asASCII: false) }.joined()
        return "\"" + shown + (unicodeScalars.count > limit ? "…" : "") + "\""
    }
}
