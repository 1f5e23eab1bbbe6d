import LimpetPipelines
import LimpetDocuments
import ArgumentParser
import Glibc
import LimpetDecisions
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetScoring
import LimpetService
import LimpetStorage

/// `limpet serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Take in events over HTTP and decide what to offer, for each user.",
        discussion: """
            limpet serve --model model.json --policy policy.yaml \\
              --database state.sqlite --events log.csv
            curl localhost:8080/v1/track -d '{"userId": "u1", "event": "cart_added"}'
            curl localhost:8080/v1/decide -d '{"userId": "u1"}'

            Events are answered when they are on disk. Ctrl-C or SIGTERM stops it cleanly.
            The database holds what the service took in itself: start it again with the same
            --events. A message that stands in both counts once.
            """)

    @Option(help: "Model file.")
    var model: String
    @Option(help: "Policy in YAML: offers, their conditions and the caps.")
    var policy: String
    @Option(help: "File of the durable state; made if there is none.")
    var database: String

    @OptionGroup(title: "Event log to start warm from") var events: EventOptions

    @Option(help: "Address to listen on; others than loopback need a write key.")
    var host = ServiceConfiguration.defaultHost
    @Option(help: "Port to listen on; 0 for any free one, which is printed.")
    var port = ServiceConfiguration.defaultPort
    @Option(help: "File whose first line is the write key that clients must know.")
    var writeKeyFile: String?

    func validate() throws {
        try UnusedFlags.refuse(
            [("--data-until", events.dataUntil != nil)], because: "the service takes all events")
        guard events.events.isEmpty else { return }
        // Events that come in by HTTP have an earliest time too.
        let logFlags = events.logFlags.filter { $0.name != "--earliest" }
        try UnusedFlags.refuse(logFlags + events.rows.rowFlags, because: "this goes with --events")
    }

    func run() async throws {
        let verified = try ModelFile.read(model)
        let policy = try readPolicy()
        let configuration = try configuration()
        let store = try openStore()
        let service: TriggerService
        do {
            service = try TriggerService(
                model: verified, policy: policy, store: store, configuration: configuration)
        } catch {
            throw ConfigurationError(error)
        }
        if !events.events.isEmpty {
            let log = try log(for: verified, policy: policy)
            try await service.warm(log)
            Terminal.note(
                "warm from \(Format.count(log.count)) events of \(Format.count(log.users.count)) users")
        }
        do {
            try await service.run { port in
                Terminal.print("listening on \(configuration.address(port: port))")
            }
        } catch let error as TriggerServiceError {
            throw ServiceUnavailable(description: "\(error)")
        }
        Terminal.note("stopped; all that was answered is on disk in \(database)")
    }

    private func readPolicy() throws -> Policy {
        let document = try YAMLDocument(path: policy)
        do {
            return try document.read { node throws(DocumentError) in try Policy(node) }
        } catch {
            throw ConfigurationError(error)
        }
    }

    private func configuration() throws -> ServiceConfiguration {
        let key = try writeKeyFile.map { path in
            let bytes = try ByteSource(path: path).readAll(limit: 1 << 16)
            return String(decoding: bytes.prefix { $0 != 10 && $0 != 13 }, as: UTF8.self)
        }
        do {
            return try ServiceConfiguration(
                host: host, port: port, writeKey: key, earliest: try events.earliestTime,
                zone: { ZoneDirectory.system.rules(named: $0) })
        } catch {
            throw ConfigurationError(error)
        }
    }

    private func openStore() throws -> EventStore {
        do {
            return try EventStore(path: database)
        } catch {
            throw FileError.cannotWrite(path: database, problem: "\(error)")
        }
    }

    /// Reads the log with the properties that the model's features and the policy's conditions need.
    private func log(for verified: ModelFile.Verified, policy: Policy) throws -> EventLog {
        let columns = verified.scorer.model.featureSet?.columns
        return try events.read(
            amounts: columns?.numbers ?? [:], texts: (columns?.texts ?? []).union(policy.textProperties),
            keepsMessageIDs: true)
    }
}
