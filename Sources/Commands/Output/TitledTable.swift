import LimpetDocuments
import LimpetReports

/// A table with a line before it and sentences after it, as text and as HTML.
struct TitledTable {
    let title: String
    let header: [(name: String, alignment: TextTable.Alignment)]
    var rows: [[String]] = []
    var conclusion: [String] = []

    init(_ title: String, _ header: [(name: String, alignment: TextTable.Alignment)]) {
        (self.title, self.header) = (title, header)
    }

    var text: String {
        var table = TextTable(header.map { ($0.name, $0.alignment) })
        for row in rows { table.append(row) }
        return ([title, table.text] + conclusion.map { "  " + $0 }).joined(separator: "\n")
    }

    var html: String { "<p>\(title.htmlEscaped)</p>\n" + untitled }

    /// The table and the sentences as HTML, under a heading of the page.
    var untitled: String {
        var table = HTMLTable(header.map { ($0.name, $0.alignment == .right) })
        for row in rows { table.append(row) }
        let paragraphs = conclusion.map { "<p>\($0.htmlEscaped)</p>" }
        return ([table.html] + paragraphs).joined(separator: "\n")
    }
}
