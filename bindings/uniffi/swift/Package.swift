// swift-tools-version: 5.9

import PackageDescription

let package = Package(
    name: "Clanforge",
    platforms: [.macOS(.v12), .iOS(.v15)],
    products: [.library(name: "Clanforge", targets: ["Clanforge"])],
    targets: [
        // The library itself, `libclanforge_uniffi`, must lie where the linker looks: see README.md.
        .systemLibrary(name: "ClanforgeFFI"),
        .target(name: "Clanforge", dependencies: ["ClanforgeFFI"]),
    ]
)
