import LimpetDocuments
import LimpetEvents
import LimpetScoring

/// An XGBoost model of stumps, read from its JSON.
struct XGBoostModel {
    let ensemble: StumpEnsemble
    /// Warnings for the user, as sentences.
    let warnings: [String]

    /// Reads a model.
    ///
    /// - Throws: `InputError` with the path of the error, or of what is not a sum of stumps.
    init(_ bytes: [UInt8], file: String, options: BoosterImport) throws(InputError) {
        if let start = bytes.first, start == UInt8(ascii: "{"), bytes.dropFirst().first == UInt8(ascii: "L") {
            throw InputError(
                InputPlace(file: file),
                "found UBJSON, expected JSON: save_model with a name that ends with .json")
        }
        let root: JSON
        do { root = try JSONReader.read(bytes[...]) } catch {
            throw InputError(InputPlace(file: file), "\(error)")
        }
        let contents: XGBoostContents
        do { contents = try XGBoostContents(DocumentNode(root)) } catch {
            throw InputError(InputPlace(file: file), "\(error)")
        }
        let total = contents.trees.count / contents.parallelTrees
        let rounds = try options.rounds(of: total, file: file)
        var stumps: [ImportedStump] = []
        do {
            for (tree, weight) in contents.trees.prefix(rounds * contents.parallelTrees) {
                stumps.append(try XGBoostTree(tree, inputs: contents.inputs, weight: weight).stump)
            }
        } catch { throw InputError(InputPlace(file: file), "\(error)") }
        ensemble = StumpEnsemble(
            inputs: contents.inputs, base: contents.baseLogOdds, stumps: stumps, calibrator: .none,
            provenance: contents.provenance(trees: stumps.count))
        if let best = contents.bestIteration, options.iterations == nil, best + 1 < total {
            warnings = [
                "the file states the best iteration \(best), and all \(total) rounds are read; "
                    + "--iterations \(best + 1) reads those up to the best"
            ]
        } else {
            warnings = []
        }
    }
}
