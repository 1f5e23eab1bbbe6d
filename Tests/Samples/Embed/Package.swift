// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Embed",
    // Without traits the scorer brings no other package along.
    dependencies: [.package(name: "limpet", path: "../../..", traits: [])],
    targets: [
        .executableTarget(
            name: "Embed",
            dependencies: [
                .product(name: "LimpetEvents", package: "limpet"),
                .product(name: "LimpetFeatures", package: "limpet"),
                .product(name: "LimpetScoring", package: "limpet"),
            ])
    ])
