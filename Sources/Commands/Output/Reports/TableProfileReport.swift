import LimpetDocuments
import LimpetEvents
import LimpetFiles
import LimpetPipelines
import LimpetReports

/// The types that a table's columns are read as, as text and as JSON.
struct TableProfileReport {
    let profile: TableProfile

    var document: JSON {
        .object([
            "file": .string(profile.file), "rows": .number(profile.rows),
            "typesByAllRows": .boolean(profile.isComplete),
            "columns": .array(profile.columns.map(\.document)),
            "target": profile.target?.document ?? .null,
        ])
    }

    var text: String {
        let sample = Format.count(TableReader.sampleSize)
        var lines = [
            "\(profile.file): \(Format.count(profile.rows)) rows, "
                + "\(Format.count(profile.columns.count)) columns; "
                + (profile.isComplete
                    ? "all rows decide the types" : "the first \(sample) rows decide the types"),
            "", table, "",
        ]
        if let target = profile.target { lines += [target.text, ""] }
        lines += ["Next:", "  \(next)"]
        return lines.joined(separator: "\n")
    }

    /// The names of the columns of the table below, and whether each is of numbers.
    private static let header = [
        ("column", false), ("type", false), ("values", true), ("missing", true), ("example", false),
        ("", false),
    ]

    /// Returns the cells of each column's line.
    private func rows(exampleLength: Int) -> [[String]] {
        profile.columns.map { column in
            [
                column.name, column.kind.rawValue, column.different.map { Format.count($0) } ?? "",
                Format.percent(Double(column.missing) / Double(max(1, profile.rows))),
                String(column.example.prefix(exampleLength)), column.comment,
            ]
        }
    }

    private var table: String {
        var table = TextTable(Self.header.map { ($0.0, $0.1 ? .right : .left) })
        for row in rows(exampleLength: 24) { table.append(row) }
        return table.text
    }

    /// The columns as a table of HTML.
    var htmlTable: String {
        var table = HTMLTable(Self.header)
        for row in rows(exampleLength: 40) { table.append(row) }
        return table.html
    }

    private var next: String {
        guard profile.target == nil else {
            return "limpet train --table \(profile.file) --target \(profile.target?.column ?? "")"
        }
        let pairs = profile.columns.filter { $0.different == 2 }.map(\.name)
        guard !pairs.isEmpty else {
            return
                "name the column that says who left: limpet describe --table \(profile.file) --target COLUMN"
        }
        return "limpet train --table \(profile.file) --target COLUMN; columns of two values are "
            + pairs.prefix(8).joined(separator: ", ") + (pairs.count > 8 ? ", …" : "")
    }
}

extension ColumnProfile {
    var document: JSON {
        .object([
            "name": .string(name), "type": .string(kind.rawValue), "role": .string(role.rawValue),
            "values": different.map { .number($0) } ?? .null, "missing": .number(missing),
            "example": .string(example), "rareLevels": .number(rare.levels), "rareRows": .number(rare.rows),
            "written": notation.map { .string($0.expectation) } ?? .null,
        ])
    }

    /// The words for all that is done with the column beyond its type.
    var comment: String {
        var parts: [String] = []
        if role == .named { parts.append("named by a flag") }
        if let reason { parts.append(role == .left ? "left out: \(reason)" : reason) }
        switch notation {
        case .date(let order, let reference)?:
            let day = reference.description.ends(with: "T00:00:00Z") ? 10 : 20
            parts.append("days before \(reference.description.prefix(day)); written as \(order.example)")
        case .number(let notation)?: parts.append("written as \(notation.example)")
        case nil: break
        }
        if rare.levels > 0, kind == .category {
            parts.append(
                "\(Format.count(rare.levels)) of them in fewer than 5 rows (\(Format.count(rare.rows)) rows)")
        }
        return parts.joined(separator: "; ")
    }
}
