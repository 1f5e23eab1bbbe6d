// swift-tools-version: 6.2
import PackageDescription

/// A module: its folder under `Sources`, and the modules and packages that it may import.
/// ARCHITECTURE.md holds the same picture with the reasons.
struct Module {
    var folder: String
    var modules: [String] = []
    var systemLibraries: [String] = []
    var products: [Target.Dependency] = []
    var checksMemorySafety = false
}

let modules: [Module] = [
    Module(folder: "Numerics"),
    Module(folder: "Documents"),
    Module(folder: "Parallel", systemLibraries: ["CMalloc"], checksMemorySafety: true),
    Module(folder: "Events", modules: ["Numerics", "Documents", "Parallel"]),
    Module(folder: "Features", modules: ["Numerics", "Documents", "Parallel", "Events"]),
    Module(
        folder: "Scoring", modules: ["Numerics", "Documents", "Events", "Features"],
        systemLibraries: ["CScoring"],
        checksMemorySafety: true),
    Module(folder: "Decisions", modules: ["Numerics", "Documents", "Events", "Features", "Scoring"]),
    Module(
        folder: "CInterface", modules: ["Documents", "Events", "Scoring"], systemLibraries: ["CLimpet"],
        checksMemorySafety: true),
    Module(folder: "Export", modules: ["Numerics", "Documents", "Events", "Features", "Scoring"]),
    Module(
        folder: "Files", modules: ["Numerics", "Documents", "Parallel", "Events", "Scoring"],
        systemLibraries: ["CZlib"],
        products: [.product(name: "Yams", package: "Yams", condition: .when(traits: ["YAML"]))]),
    Module(
        folder: "LinearAlgebra", modules: ["Parallel"], systemLibraries: ["COpenBLAS", "CKernels"],
        checksMemorySafety: true),
    Module(folder: "Evaluation", modules: ["Numerics", "Documents", "Parallel", "Events", "Scoring"]),
    Module(
        folder: "Training",
        modules: [
            "Numerics", "Documents", "Parallel", "Events", "Features", "Scoring", "Evaluation",
            "LinearAlgebra",
        ],
        checksMemorySafety: true),
    Module(
        folder: "Pipelines",
        modules: [
            "Numerics", "Documents", "Parallel", "Events", "Features", "Scoring", "Export", "Files",
            "Evaluation", "Training",
        ]),
    Module(folder: "Simulation", modules: ["Numerics", "Documents", "Parallel", "Events"]),
    Module(folder: "Reports", modules: ["Numerics", "Documents", "Events"]),
    Module(
        folder: "Storage", modules: ["Documents"],
        products: [
            .product(name: "GRDBSQLite", package: "GRDB.swift", condition: .when(traits: ["Database"]))
        ]),
    Module(
        folder: "Sequencing",
        modules: ["Documents", "Events", "Features", "Scoring", "Decisions", "Storage"]),
    Module(
        folder: "Service",
        modules: [
            "Numerics", "Documents", "Events", "Features", "Scoring", "Decisions", "Files", "Storage",
            "Sequencing",
        ],
        products: [
            .product(name: "Hummingbird", package: "hummingbird", condition: .when(traits: ["Server"]))
        ]),
    Module(
        folder: "Commands",
        modules: [
            "Numerics", "Documents", "Parallel", "Events", "Features", "Scoring", "Decisions", "Export",
            "Files", "Evaluation",
            "Training", "Pipelines", "Simulation", "Reports", "Storage", "Sequencing", "Service",
        ],
        products: [
            .product(
                name: "ArgumentParser", package: "swift-argument-parser",
                condition: .when(traits: ["CommandLine"]))
        ]),
]

/// Modules that another package may embed; with `traits: []` they bring no dependency along.
let embeddable = ["Numerics", "Documents", "Events", "Features", "Scoring", "Decisions"]

/// Modules that another package may embed to do what the commands do, beside those above; they need the
/// system's OpenBLAS and zlib.
let pipelines = ["Export", "Files", "Evaluation", "Training", "Pipelines"]

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableExperimentalFeature("Lifetimes"),
]

func settings(of module: Module) -> [SwiftSetting] {
    module.checksMemorySafety ? settings + [.strictMemorySafety()] : settings
}

func moduleName(_ folder: String) -> String { "Limpet" + folder }

func libraryTarget(of module: Module) -> Target {
    .target(
        name: moduleName(module.folder),
        dependencies: module.modules.map { .target(name: moduleName($0)) }
            + module.systemLibraries.map { .target(name: $0) } + module.products,
        path: "Sources/\(module.folder)",
        swiftSettings: settings(of: module))
}

/// What the tests of a module import beside what the module does.
let testModules = [
    "Files": ["Features", "Decisions"], "Scoring": ["Parallel"], "Training": ["Files", "Simulation"],
]

func testTarget(of module: Module) -> Target {
    testTarget(
        module.folder, importing: [module.folder] + module.modules + testModules[module.folder, default: []],
        products: module.products)
}

func testTarget(_ name: String, importing modules: [String], products: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: moduleName(name) + "Tests",
        dependencies: (modules + ["TestSupport"]).map { .target(name: moduleName($0)) } + products,
        path: "Tests/\(name)Tests",
        swiftSettings: settings)
}

/// Tests that need what CI installs, or a build of another kind: engines, public data, compilers of C.
let engineTests = testTarget(
    "Engine",
    importing: [
        "Numerics", "Documents", "Events", "Features", "Scoring", "Export", "Files", "Evaluation",
    ])

/// The style of the code, read from the tree.
let tidyTests = testTarget("Tidy", importing: [])

/// Modules without tests of their own kind: those of the interface for C are among the engines'.
let untested = ["CInterface"]

let moduleTests: [Target] =
    [engineTests, tidyTests] + modules.filter { !untested.contains($0.folder) }.map { testTarget(of: $0) }

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
        // What the commands do, and the modules whose types it takes and gives; training needs OpenBLAS, and
        // YAML its trait.
        + pipelines.map { .library(name: moduleName($0), targets: [moduleName($0)]) }
        // scripts/build-c makes a shared library of it.
        + [.library(name: "CLimpet", type: .static, targets: [moduleName("CInterface")])],
    traits: [
        .trait(name: "CommandLine", description: "The limpet command (swift-argument-parser)."),
        .trait(name: "Server", description: "The trigger service over HTTP (Hummingbird)."),
        .trait(name: "Database", description: "Durable state in SQLite (of GRDB's package)."),
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
        .systemLibrary(name: "CMalloc", path: "Sources/CMalloc"),
        .systemLibrary(
            name: "CZlib", path: "Sources/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // The inner loops of training that Swift cannot say as fast.
        .target(name: "CKernels", path: "Sources/CKernels"),
        // Those of scoring, apart from them, so that who embeds the scorer needs no BLAS.
        .target(name: "CScoring", path: "Sources/CScoring"),
        // The scorer's interface for C.
        .target(name: "CLimpet", path: "Sources/CLimpet"),
        // What the tests of several modules share: seeded numbers, folders, zones, an HTTP client.
        .target(
            name: "LimpetTestSupport",
            dependencies: [
                "LimpetNumerics", "LimpetDocuments", "LimpetEvents", "LimpetFeatures", "LimpetScoring",
                "LimpetDecisions",
            ],
            path: "Tests/Support",
            swiftSettings: settings),
        .executableTarget(
            name: "limpet", dependencies: [.target(name: "LimpetCommands")], path: "Sources/limpet",
            swiftSettings: settings),
        races,
    ] + modules.map(libraryTarget) + moduleTests
)
