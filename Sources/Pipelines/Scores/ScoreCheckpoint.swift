package import LimpetDocuments
import LimpetEvents
package import LimpetFiles
import LimpetScoring

/// The state of an unfinished run of `limpet score`, from which the same run continues.
package struct ScoreCheckpoint {
    /// The model, the input and the settings, which must be the same for the rest to fit.
    package var identity: VerbatimDictionary<String>
    /// The place where the input continues.
    package var input: TablePosition
    /// The number of bytes that were written for the input before that place.
    package var output: Int
    /// The number of bad rows that were left out.
    package var rejected: Int
    package var summary: ScoreSummary

    package static func path(of output: String) -> String { output + ".checkpoint" }

    private var document: JSON {
        .object([
            "identity": .object(
                identity.sortedByKey.map { JSONMember(name: $0.key, value: .string($0.value)) }
            ),
            "offset": .number(input.offset), "line": .number(input.line), "output": .number(output),
            "rejected": .number(rejected), "summary": summary.checkpoint,
        ])
    }

    package func write(beside output: String) throws(FileError) {
        try FileWriter.write(Array((document.pretty + "\n").utf8), to: Self.path(of: output))
    }

    /// Reads the checkpoint beside an output; nil where there is none.
    ///
    /// - Throws: `InputError` when it is damaged, or of another run.
    package init?(beside output: String, identity: VerbatimDictionary<String>, model: String) throws {
        let path = Self.path(of: output)
        guard FileStamp.of(path) != nil else { return nil }
        let advice = "delete it and \(FileWriter.partialPath(of: output)) to begin anew"
        let place = InputPlace(file: path)
        let bytes = try ByteSource(path: path).readAll(limit: 1 << 20)
        do {
            let node = DocumentNode(try JSONReader.read(bytes[...]))
            var found: VerbatimDictionary<String> = [:]
            for (name, member) in try node.required("identity").namedMembers() {
                found[name] = try member.string()
            }
            for (name, value) in identity.sorted(by: { $0.key < $1.key }) where found[name] != value {
                throw InputError(
                    place,
                    "the interrupted run had another \(name): \(found[name] ?? "none"), now \(value); "
                        + advice)
            }
            let all = 0...Int.max
            self.identity = identity
            input = TablePosition(
                offset: try node.required("offset").integer(in: all),
                line: try node.required("line").integer(in: all))
            self.output = try node.required("output").integer(in: all)
            rejected = try node.required("rejected").integer(in: all)
            summary = try ScoreSummary(node.required("summary"), hash: model)
        } catch let error as InputError {
            throw error
        } catch {
            throw InputError(place, "\(error); \(advice)")
        }
    }

    package init(
        identity: VerbatimDictionary<String>, input: TablePosition, output: Int, rejected: Int,
        summary: ScoreSummary
    ) {
        self.identity = identity
        self.input = input
        self.output = output
        self.rejected = rejected
        self.summary = summary
    }
}

extension ScoreSummary {
    package var checkpoint: JSON {
        .object([
            "rows": .number(rows), "sum": .number(sum), "tenths": .array(tenths.map { .number($0) }),
        ])
    }

    package init(_ node: DocumentNode, hash: String) throws(DocumentError) {
        let tenths = try node.required("tenths").elements()
        guard tenths.count == 10 else { throw node.error("expected ten counts") }
        self.init(hash: hash)
        rows = try node.required("rows").integer(in: 0...Int.max)
        sum = try node.required("sum").double()
        for (place, count) in tenths.enumerated() { self.tenths[place] = try count.integer(in: 0...Int.max) }
    }
}
