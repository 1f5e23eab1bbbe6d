import LimpetDocuments
import Glibc
public import LimpetEvents
import LimpetScoring

/// A registry of models in a folder, without a server: `<name>/<number>.json` for each version, which never
/// changes, and `<name>/aliases.json` for the versions that the aliases point to.
///
///     let registry = ModelRegistry(folder: "models")
///     let version = try registry.version(of: "shop", "champion")
///     let verified = try ModelFile.read(registry.path(of: "shop", version: version))
///
/// Files appear whole, by a rename, and changes of aliases are serialised by a lock, so that
/// readers need none and no promotion is lost.
public struct ModelRegistry: Sendable {
    /// The path of the folder.
    public let folder: String

    /// Makes the registry of a folder, which need not exist before the first version is added.
    public init(folder: String) { self.folder = folder }

    /// Returns true when a text can be a model's name or an alias: at most 100 letters, digits, `.`, `-` and
    /// `_`, not beginning with a dot.
    public static func isName(_ text: String) -> Bool {
        let isAllowed = text.utf8.allSatisfy {
            ($0 | 0x20 >= 97 && $0 | 0x20 <= 122) || ($0 >= 48 && $0 <= 57) || ".-_".utf8.contains($0)
        }
        return isAllowed && !text.isEmpty && text.utf8.count <= 100 && !text.begins(with: ".")
    }

    // MARK: Reading

    /// Returns the names of the models, sorted. A folder without versions is not a model.
    public func names() -> [String] {
        entries(of: folder).filter { Self.isName($0) && !versions(of: $0).isEmpty }
    }

    /// Returns the versions of a model, ascending.
    public func versions(of name: String) -> [Int] {
        entries(of: "\(folder)/\(name)").compactMap { entry in
            guard entry.ends(with: ".json"), let number = Int(entry.dropLast(5)), number > 0,
                entry == "\(number).json"
            else { return nil }
            return number
        }.sorted()
    }

    /// Returns the path of a version's file.
    public func path(of name: String, version: Int) -> String { "\(folder)/\(name)/\(version).json" }

    /// Returns the path of the file of a version, given by its number or by an alias.
    ///
    /// - Throws: `InputError` when there is no such version or alias.
    public func path(of name: String, _ selector: String) throws -> String {
        path(of: name, version: try version(of: name, selector))
    }

    /// Returns the version that a number or an alias names.
    ///
    /// - Throws: `InputError` when there is none.
    public func version(of name: String, _ selector: String) throws -> Int {
        let known = versions(of: name)
        guard !known.isEmpty else {
            let names = names()
            throw InputError(
                InputPlace(file: folder),
                "there is no model \(name.quoted)"
                    + (names.isEmpty
                        ? "; limpet models add puts one there"
                        : "; there are \(names.joined(separator: ", "))"))
        }
        if let number = Int(selector) {
            guard known.contains(number) else {
                throw InputError(
                    InputPlace(file: "\(folder)/\(name)"),
                    "there is no version \(number); "
                        + "there are \(known.map(String.init).joined(separator: ", "))"
                )
            }
            return number
        }
        let ledger = try ledger(of: name)
        guard let version = ledger.version(of: selector) else {
            let aliases = ledger.stacks.keys.sorted().joined(separator: ", ")
            throw InputError(
                InputPlace(file: "\(folder)/\(name)"),
                "there is no alias \(selector.quoted)"
                    + (aliases.isEmpty ? "; limpet models promote makes one" : "; there are \(aliases)"))
        }
        guard known.contains(version) else {
            throw InputError(
                InputPlace(file: path(of: name, version: version)),
                "is missing, although \(selector.quoted) points to it")
        }
        return version
    }

    /// Reads the aliases of a model and their history.
    ///
    /// - Throws: `InputError` when the file is damaged.
    public func ledger(of name: String) throws -> RegistryLedger {
        let path = ledgerPath(name)
        guard access(path, F_OK) == 0 else { return RegistryLedger() }
        let bytes = try ByteSource(path: path).readAll(limit: 1 << 26)
        do { return try RegistryLedger(DocumentNode(JSONReader.read(bytes[...]))) } catch {
            throw InputError(InputPlace(file: path), "\(error)")
        }
    }

    private func ledgerPath(_ name: String) -> String { "\(folder)/\(name)/aliases.json" }

    private func entries(of folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.begins(with: ".") { names.append(name) }
        }
        return names.sorted()
    }

    // MARK: Changing

    /// Adds a version from the bytes of a model file that has been read and verified.
    ///
    /// - Returns: the number of the version; that of an existing version with the same bytes when there is
    ///   one.
    /// - Throws: ``FileError`` when the folder cannot be written.
    public func add(_ bytes: [UInt8], name: String) throws -> (version: Int, isNew: Bool) {
        try makeFolder(folder)
        try makeFolder("\(folder)/\(name)")
        return try locked(name) {
            let known = versions(of: name)
            for version in known.reversed() {
                let other = try? ByteSource(path: path(of: name, version: version)).readAll(
                    limit: bytes.count + 1)
                if other == bytes { return (version, false) }
            }
            let version = (known.last ?? 0) + 1
            try FileWriter.write(bytes, to: path(of: name, version: version))
            return (version, true)
        }
    }

    /// Points an alias to a version.
    ///
    /// - Returns: the version that it pointed to before; nil for a new alias.
    public func promote(
        _ name: String, version: Int, to alias: String, at time: Timestamp, reason: String
    ) throws -> Int? {
        try locked(name) {
            var ledger = try ledger(of: name)
            let before = ledger.version(of: alias)
            guard before != version else { return before }
            ledger.promote(version, to: alias, at: time, reason: reason)
            try write(ledger, name)
            return before
        }
    }

    /// Points an alias to the version before its last promotion.
    ///
    /// - Throws: `InputError` when there is no earlier version.
    public func rollBack(
        _ name: String, alias: String, at time: Timestamp, reason: String
    ) throws -> RegistryLedger.Change {
        try locked(name) {
            var ledger = try ledger(of: name)
            guard let change = ledger.rollBack(alias, at: time, reason: reason) else {
                throw InputError(
                    InputPlace(file: ledgerPath(name)),
                    "\(alias.quoted) has no earlier promotion to go back to")
            }
            guard versions(of: name).contains(change.version) else {
                throw InputError(
                    InputPlace(file: path(of: name, version: change.version)),
                    "is missing, and \(alias.quoted) would go back to it")
            }
            try write(ledger, name)
            return change
        }
    }

    private func write(_ ledger: RegistryLedger, _ name: String) throws {
        try FileWriter.write(Array(ledger.document.pretty.utf8), to: ledgerPath(name))
    }

    private func makeFolder(_ path: String) throws(FileError) {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw .cannotWrite(path: path, problem: SystemError.last)
        }
    }

    /// Runs `body` while holding the lock of the model. The system releases the lock when a process ends in
    /// any way.
    private func locked<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
        let path = "\(folder)/\(name)/.lock"
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw FileError.cannotWrite(path: path, problem: SystemError.last) }
        defer { close(file) }
        while flock(file, LOCK_EX) != 0 {
            guard errno == EINTR else { throw FileError.cannotWrite(path: path, problem: SystemError.last) }
        }
        return try body()
    }
}
