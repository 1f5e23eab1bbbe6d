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
              --database limpet-data --events log.csv
            curl localhost:8080/v1/track -d '{"userId": "u1", "event": "cart_added"}'
            curl localhost:8080/v1/decide -d '{"userId": "u1"}'

            Events are answered when they are on disk, with an offer if one was decided on.
            Ctrl-C or SIGTERM stops it cleanly. --events is taken in once, when the database
            begins. Without keys only this machine is served, with all rights.
            """)

    @Option(help: "Model file.")
    var model: String
    @Option(help: "Policy in YAML: offers, their conditions and the caps.")
    var policy: String
    @Option(help: "Folder of the database; made if there is none.")
    var database: String
    @Option(help: "Memory for users in MB; the others are read from the database when they are needed.")
    var memory = ServiceConfiguration.defaultMemory >> 20
    @Option(help: "Disk space in MB that is held back for the case that the disk is full.")
    var reserve = Int(ServiceConfiguration.defaultReserve >> 20)

    @OptionGroup(title: "Event log that a new database begins with") var events: EventOptions

    @Option(help: "Address to listen on; others than loopback need keys.")
    var host = ServiceConfiguration.defaultHost
    @Option(help: "Port to listen on; 0 for any free one, which is printed.")
    var port = ServiceConfiguration.defaultPort
    @Option(help: "File whose first line is the public key: it sends events and gets offers.")
    var publicKeyFile: String?
    @Option(help: "File whose first line is the key of servers: it sees decisions and scores, too.")
    var serverKeyFile: String?
    @Option(help: "File whose first line is the administrator's token: users, erasure, metrics, silence.")
    var adminTokenFile: String?
    @Option(help: "File whose first line is the secret by which pages prove whom they speak for.")
    var identitySecretFile: String?
    @Flag(help: "Go on though the clock lies more than 5 minutes before the last record.")
    var acceptClock = false

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
        let log = events.events.isEmpty ? nil : try log(for: verified, policy: policy)
        if let log {
            Terminal.note(
                "begins with \(Format.count(log.count)) events of \(Format.count(log.users.count)) users")
        }
        let service: TriggerService
        do {
            service = try TriggerService(
                model: verified, policy: policy, database: database, configuration: configuration,
                events: log)
        } catch let error as PolicyFitError {
            throw ConfigurationError(error)
        } catch let error as StorageError {
            throw FileError.cannotWrite(path: database, problem: "\(error)")
        }
        do {
            try await service.run { port in
                Terminal.print("listening on \(configuration.address(port: port))")
            }
        } catch let error as TriggerServiceError {
            if case .clock = error { throw ConfigurationError(error) }
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
        let keys = AccessKeys(
            everybody: try publicKeyFile.map(Self.firstLine), server: try serverKeyFile.map(Self.firstLine),
            admin: try adminTokenFile.map(Self.firstLine),
            identitySecret: try identitySecretFile.map(Self.firstLine))
        do {
            return try ServiceConfiguration(
                host: host, port: port, keys: keys, memory: memory << 20, reserve: Int64(reserve) << 20,
                acceptsClock: acceptClock, earliest: try events.earliestTime,
                zone: { ZoneDirectory.system.rules(named: $0) })
        } catch {
            throw ConfigurationError(error)
        }
    }

    private static func firstLine(of path: String) throws -> String {
        let bytes = try ByteSource(path: path).readAll(limit: 1 << 16)
        return String(decoding: bytes.prefix { $0 != 10 && $0 != 13 }, as: UTF8.self)
    }

    /// Reads the log with the properties that the model's features and the policy's conditions need.
    private func log(for verified: ModelFile.Verified, policy: Policy) throws -> EventLog {
        let columns = verified.scorer.model.featureSet?.columns
        return try events.read(
            amounts: columns?.numbers ?? [:], texts: (columns?.texts ?? []).union(policy.textProperties),
            keepsMessageIDs: true)
    }
}
