/// A self-contained HTML page with a table of contents, for light and dark mode, which loads nothing from the
/// network.
public struct HTMLPage {
    private let title: String
    private let summary: String
    private var sections: [(id: String, title: String, body: String)] = []

    /// Makes an empty page.
    public init(title: String, summary: String) { (self.title, self.summary) = (title, summary) }

    /// Adds a section with a body of HTML.
    public mutating func add(_ title: String, _ body: String) {
        sections.append(("s\(sections.count + 1)", title, body))
    }

    /// The page as HTML.
    public var html: String {
        let contents = sections.map { "<li><a href=\"#\($0.id)\">\($0.title.htmlEscaped)</a></li>" }
        let bodies = sections.map { section in
            """
            <section id="\(section.id)">
            <h2>\(section.title.htmlEscaped)</h2>
            \(section.body)
            </section>
            """
        }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>\(title.htmlEscaped)</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <main>
            <h1>\(title.htmlEscaped)</h1>
            <p>\(summary.htmlLines(separator: "<br/>"))</p>
            <nav><ul>\(contents.joined())</ul></nav>
            \(bodies.joined(separator: "\n"))
            </main>
            </body>
            </html>

            """
    }

    private static let style = """
        :root { color-scheme: light dark; --text: #1c1e21; --soft: #6a7076; --line: #d9dde1; --bar: #2b7a9b;
          --mark: #b8501e; --page: #ffffff; }
        @media (prefers-color-scheme: dark) { :root { --text: #e6e8ea; --soft: #9aa1a8; --line: #3a4046;
          --bar: #5fb0d0; --mark: #e88b58; --page: #16191c; } }
        body { margin: 0; background: var(--page); color: var(--text);
          font: 16px/1.5 system-ui, sans-serif; }
        main { max-width: 62rem; margin: 0 auto; padding: 1.5rem; }
        h1, h2 { line-height: 1.2; } h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
        nav ul { padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; }
        a { color: var(--bar); }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { padding: .2rem .8rem .2rem 0; text-align: left; border-bottom: 1px solid var(--line);
          white-space: nowrap; vertical-align: top; }
        td:last-child:not(.n) { white-space: normal; min-width: 14rem; }
        th { color: var(--soft); font-weight: 600; } .n { text-align: right; }
        figure { margin: 1rem 0; } figcaption { color: var(--soft); font-size: .9rem; }
        svg { max-width: 100%; height: auto; } svg text { fill: var(--soft); font-size: 12px; }
        .axis { stroke: var(--line); } .bar { fill: var(--bar); } .mark { fill: var(--mark); }
        @media (max-width: 40rem) { .told tr { display: grid; grid-template-columns: 1fr auto auto; }
          .told th, .told td { border: 0; padding-right: 0; padding-left: .8rem; }
          .told tr > :first-child { padding-left: 0; white-space: normal; }
          .told tr > :last-child:not(.n) { grid-column: 1 / -1; padding: 0 0 .4rem; color: var(--soft);
            font-size: .85rem; border-bottom: 1px solid var(--line); min-width: 0; } }
        .figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr));
          gap: 0 1.5rem; align-items: start; } .figures svg { width: 100%; }
        .curve { fill: none; stroke: var(--bar); stroke-width: 2; } .band { fill: var(--bar); opacity: .2; }
        .reference { fill: none; stroke: var(--soft); stroke-dasharray: 4 4; }
        .whisker { stroke: var(--bar); stroke-width: 2; opacity: .6; } .density { fill: var(--line); }
        figcaption b { color: var(--text); } pre { overflow-x: auto; font-size: .85rem; }
        li { margin: .3rem 0; } .advice { color: var(--soft); display: block; }
        """
}

/// An HTML table.
public struct HTMLTable {
    private let header: [(name: String, isNumber: Bool)]
    private let isTold: Bool
    private var rows: [[String]] = []

    /// Makes a table with columns; columns of numbers are right-aligned.
    ///
    /// - Parameter isTold: true for a table of at most four columns, the last of which tells what the others
    ///   mean: on a narrow screen it stands below them.
    public init(_ header: [(name: String, isNumber: Bool)], isTold: Bool = false) {
        (self.header, self.isTold) = (header, isTold)
    }

    /// Adds a row of texts.
    public mutating func append(_ row: [String]) { rows.append(row) }

    /// The table as HTML, which scrolls where it is wider than the page.
    public var html: String {
        func cell(_ tag: String, _ text: String, _ column: Int) -> String {
            let style = header[column].isNumber ? " class=\"n\"" : ""
            return "<\(tag)\(style)>\(text.htmlEscaped)</\(tag)>"
        }
        let head = header.indices.map { cell("th", header[$0].name, $0) }.joined()
        let body = rows.map { row in
            "<tr>" + row.enumerated().map { cell("td", $1, $0) }.joined() + "</tr>"
        }
        let style = isTold ? " class=\"told\"" : ""
        let rows = ["<tr>\(head)</tr>"] + body
        return "<div class=\"scroll\"><table\(style)>\n\(rows.joined(separator: "\n"))\n</table></div>"
    }
}

extension String {
    /// The text as lines as they are, in letters of one width.
    public var preformatted: String { "<pre>" + htmlLines(separator: "\n") + "</pre>" }

    /// Returns the lines of a text of our own, escaped for HTML.
    public func htmlLines(separator: String) -> String {
        split(separator: "\n", omittingEmptySubsequences: false).map { String($0).htmlEscaped }.joined(
            separator: separator)
    }

    /// The text escaped for HTML. Control characters and those that change the direction of writing are shown
    /// by number.
    public var htmlEscaped: String {
        var result = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default:
                let number = scalar.value
                let isHidden =
                    number < 32 || (0x7f...0x9f).contains(number) || (0x200b...0x200f).contains(number)
                    || (0x202a...0x202e).contains(number) || (0x2066...0x2069).contains(number)
                    || number == 0xfeff || number == 0xfffe || number == 0xffff
                result += isHidden ? "\\u{\(String(number, radix: 16))}" : String(scalar)
            }
        }
        return result
    }
}
