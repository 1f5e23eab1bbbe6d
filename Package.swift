// swift-tools-version: 6.2
import PackageDescription

/// One room of the house: its folder under `Sources`, and the rooms and packages it may import.
/// ARCHITECTURE.md holds the same picture with the reasons.
struct Room {
    var folder: String
    var rooms: [String] = []
    var systemLibraries: [String] = []
    var products: [Target.Dependency] = []
    var checksMemorySafety = false
}

let rooms: [Room] = [
    Room(folder: "Numerics"),
    Room(folder: "Documents"),
    Room(folder: "Parallel", checksMemorySafety: true),
    Room(folder: "Events", rooms: ["Numerics", "Documents", "Parallel"]),
    Room(folder: "Features", rooms: ["Numerics", "Documents", "Parallel", "Events"]),
    Room(
        folder: "Scoring", rooms: ["Numerics", "Documents", "Events", "Features"],
        systemLibraries: ["CScoring"],
        checksMemorySafety: true),
    Room(folder: "Decisions", rooms: ["Numerics", "Documents", "Events", "Features", "Scoring"]),
    Room(
        folder: "CInterface", rooms: ["Documents", "Events", "Scoring"], systemLibraries: ["CLimpet"],
        checksMemorySafety: true),
    Room(folder: "Export", rooms: ["Numerics", "Documents", "Events", "Features", "Scoring"]),
    Room(
        folder: "Files", rooms: ["Numerics", "Documents", "Parallel", "Events", "Scoring"],
        systemLibraries: ["CZlib"],
        products: [.product(name: "Yams", package: "Yams", condition: .when(traits: ["YAML"]))]),
    Room(
        folder: "LinearAlgebra", rooms: ["Parallel"], systemLibraries: ["COpenBLAS", "CKernels"],
        checksMemorySafety: true),
    Room(folder: "Evaluation", rooms: ["Numerics", "Documents", "Parallel", "Events", "Scoring"]),
    Room(
        folder: "Training",
        rooms: [
            "Numerics", "Documents", "Parallel", "Events", "Features", "Scoring", "Evaluation",
            "LinearAlgebra",
        ],
        checksMemorySafety: true),
    Room(folder: "Simulation", rooms: ["Numerics", "Documents", "Parallel", "Events"]),
    Room(folder: "Reports", rooms: ["Numerics", "Documents", "Events"]),
    Room(
        folder: "Storage", rooms: ["Documents", "Events", "Features", "Scoring", "Decisions"],
        products: [.product(name: "GRDB", package: "GRDB.swift", condition: .when(traits: ["Database"]))]),
    Room(
        folder: "Service",
        rooms: ["Numerics", "Documents", "Events", "Features", "Scoring", "Decisions", "Files", "Storage"],
        products: [
            .product(name: "Hummingbird", package: "hummingbird", condition: .when(traits: ["Server"]))
        ]),
    Room(
        folder: "Commands",
        rooms: [
            "Numerics", "Documents", "Parallel", "Events", "Features", "Scoring", "Decisions", "Export",
            "Files", "Evaluation",
            "Training", "Simulation", "Reports", "Storage", "Service",
        ],
        products: [
            .product(
                name: "ArgumentParser", package: "swift-argument-parser",
                condition: .when(traits: ["CommandLine"]))
        ]),
]

/// Rooms that another package may embed; with `traits: []` they bring no dependency along.
let embeddable = ["Numerics", "Documents", "Events", "Features", "Scoring", "Decisions"]

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableExperimentalFeature("Lifetimes"),
]

func settings(of room: Room) -> [SwiftSetting] {
    room.checksMemorySafety ? settings + [.strictMemorySafety()] : settings
}

func moduleName(_ folder: String) -> String { "Limpet" + folder }

func libraryTarget(of room: Room) -> Target {
    .target(
        name: moduleName(room.folder),
        dependencies: room.rooms.map { .target(name: moduleName($0)) }
            + room.systemLibraries.map { .target(name: $0) } + room.products,
        path: "Sources/\(room.folder)",
        swiftSettings: settings(of: room))
}

/// What the tests of a room import beside what the room does.
let testRooms = [
    "Files": ["Features", "Decisions"], "Scoring": ["Parallel"], "Training": ["Files", "Simulation"],
]

func testTarget(of room: Room) -> Target {
    testTarget(
        room.folder, importing: [room.folder] + room.rooms + testRooms[room.folder, default: []],
        products: room.products)
}

func testTarget(_ name: String, importing rooms: [String], products: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: moduleName(name) + "Tests",
        dependencies: (rooms + ["TestSupport"]).map { .target(name: moduleName($0)) } + products,
        path: "Tests/\(name)Tests",
        swiftSettings: settings)
}

/// Tests that need what CI installs, or a build of another kind: engines, public data, compilers of C.
let engineTests = testTarget(
    "Engine",
    importing: [
        "Numerics", "Documents", "Events", "Features", "Scoring", "Export", "Files", "Evaluation",
    ])

/// Rooms without tests of their own kind: those of the interface for C are among the engines'.
let untested = ["CInterface"]

let roomTests: [Target] =
    [engineTests] + rooms.filter { !untested.contains($0.folder) }.map { testTarget(of: $0) }

/// Our side of the races that scripts/bench runs.
let races = Target.executableTarget(
    name: "limpet-bench",
    dependencies: [
        "Numerics", "Documents", "Events", "Features", "Scoring", "Evaluation", "LinearAlgebra", "Training",
    ].map {
        .target(name: moduleName($0))
    },
    path: "Sources/limpet-bench", swiftSettings: settings)

let package = Package(
    name: "limpet",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "limpet", targets: ["limpet"])]
        + embeddable.map { .library(name: moduleName($0), targets: [moduleName($0)]) }
        // scripts/build-c makes a shared library of it.
        + [.library(name: "CLimpet", type: .static, targets: [moduleName("CInterface")])],
    traits: [
        .trait(name: "CommandLine", description: "The limpet command (swift-argument-parser)."),
        .trait(name: "Server", description: "The trigger service over HTTP (Hummingbird)."),
        .trait(name: "Database", description: "Durable state in SQLite (GRDB)."),
        .trait(name: "YAML", description: "Feature sets and policies in YAML (Yams)."),
        .default(enabledTraits: ["CommandLine", "Server", "Database", "YAML"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(
            name: "COpenBLAS", path: "Sources/COpenBLAS", pkgConfig: "openblas",
            providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(
            name: "CZlib", path: "Sources/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // The inner loops of training that Swift cannot say as fast.
        .target(name: "CKernels", path: "Sources/CKernels"),
        // Those of scoring, apart from them, so that who embeds the scorer needs no BLAS.
        .target(name: "CScoring", path: "Sources/CScoring"),
        // The scorer's interface for C.
        .target(name: "CLimpet", path: "Sources/CLimpet"),
        // What the tests of several rooms share: seeded numbers, folders, zones, an HTTP client.
        .target(
            name: "LimpetTestSupport",
            dependencies: ["LimpetDocuments", "LimpetEvents", "LimpetFeatures", "LimpetScoring"],
            path: "Tests/Support",
            swiftSettings: settings),
        .executableTarget(
            name: "limpet", dependencies: [.target(name: "LimpetCommands")], path: "Sources/limpet",
            swiftSettings: settings),
        races,
    ] + rooms.map(libraryTarget) + roomTests
)
