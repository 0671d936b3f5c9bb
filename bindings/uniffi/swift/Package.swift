// swift-tools-version: 5.9

import PackageDescription

let package = Package(
    name: "Clanforge",
    platforms: [.macOS(.v12), .iOS(.v15)],
    products: [.library(name: "Clanforge", targets: ["Clanforge"])],
    targets: [
        // The linker must find the native library, `libclanforge_uniffi`: see README.md.
        .systemLibrary(name: "ClanforgeFFI"),
        .target(name: "Clanforge", dependencies: ["ClanforgeFFI"]),
    ]
)
