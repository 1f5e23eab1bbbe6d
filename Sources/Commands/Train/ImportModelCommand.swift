import LimpetDocuments
public import ArgumentParser
import LimpetEvents
public import LimpetExport
import LimpetFiles
import LimpetScoring
import LimpetTraining

extension BoosterImport.Format: ExpressibleByArgument {}

/// `limpet import-model`.
struct ImportModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-model",
        abstract: "Turn a model of stumps that LightGBM or XGBoost trained into a model file.",
        discussion: """
            limpet import-model model.txt --output model.json
            limpet import-model --from xgboost booster.json --target Churn --positive Yes --output model.json

            Read are models of one probability with one split a tree (LightGBM: num_leaves=2,
            XGBoost: max_depth=1), saved with save_model as text or as JSON. The model scores
            flat tables with a column for each feature.
            """)

    @Option(help: "lightgbm or xgboost (default: told by the content).")
    var from: BoosterImport.Format?

    @Argument(help: "The model of LightGBM (text) or XGBoost (JSON); - is standard input.")
    var file: String

    @Option(help: "The column that the model predicts.")
    var target = "target"

    @Option(help: "The value of the target that counts as 1.")
    var positive = "1"

    @Option(help: "How many rounds of boosting are read (default: all).")
    var iterations: Int?

    @Flag(help: "LightGBM without an objective of its own: the raw sum is log-odds.")
    var rawSum = false

    @Option(help: "Model file to write; - is standard output.")
    var output: String

    func validate() throws {
        if let iterations, iterations < 1 {
            throw ValidationError("--iterations \(iterations): expected 1 or more")
        }
        try DistinctFiles.check(inputs: [("the model", file)], outputs: [("--output", output)])
    }

    func run() async throws {
        let bytes = try ByteSource(path: file).readAll(limit: JSONReader.Limits().bytes)
        var reading = BoosterImport()
        (reading.target, reading.positive) = (target, positive)
        (reading.iterations, reading.takesRawSum) = (iterations, rawSum)
        let read = try reading.read(bytes, file: file, format: from)
        let model = try read.model.withGoldenInputs(zone: .utc)
        let (written, hash) = ModelFile.encode(model)
        // Decoding what will be written finds a model that a file cannot hold before the file is there.
        do { _ = try ModelFile.decode(written) } catch {
            throw InputError(InputPlace(file: file), "\(error)")
        }
        try FileWriter.write(written, to: output)
        for warning in read.warnings { Terminal.writeError("limpet: \(file): \(warning)\n") }
        let used = Set(model.terms.map(\.input)).count
        Terminal.writeError(
            "\(read.trees) trees of \(read.format.rawValue) read into \(used) terms of \(model.inputs.count) "
                + "inputs: model \(hash.prefix(12))…\n")
    }
}
