extension String {
    /// The text in quotes, shortened so that a message stays readable, with control characters escaped.
    package var quoted: String {
        let limit = 60
        let shown = unicodeScalars.prefix(limit).map { $0.escaped(asASCII: false) }.joined()
        return "\"" + shown + (unicodeScalars.count > limit ? "…" : "") + "\""
    }
}
