public import LimpetDocuments

extension DocumentNode {
    /// Returns the positive length of time that this value's text gives, such as `30d`.
    ///
    /// - Throws: `DocumentError` when the value is anything else.
    public func span() throws(DocumentError) -> TimeSpan {
        guard let text = value.text, let span = TimeSpan(text), span.milliseconds > 0 else {
            throw error("expected a length of time such as 30d, 12h or 15m")
        }
        return span
    }
}
