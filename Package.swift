// swift-tools-version:6.2
import PackageDescription

/// Set in CI: a warning in our own targets is then an error.
let warningsAreErrors = Context.environment["FAIRLEAD_WARNINGS_AS_ERRORS"] != nil

let common: [SwiftSetting] =
    [.enableUpcomingFeature("ExistentialAny")]
    + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

/// Every target but `Netlink`: `unsafe` cannot be written by accident.
let safe: [SwiftSetting] = common + [.strictMemorySafety()]

/// `Netlink` and what tests need of raw sockets: system calls that Glibc declares only for GNU sources.
let lowLevel: [SwiftSetting] = common
let gnu: [CSetting] = [.define("_GNU_SOURCE")]

/// For what the CNI plugin is made of: types that generic ones are made with are looked up at the start of each process, by their names,
/// unless the compiler is told to name their parts itself. It is a quarter of the instructions of a call.
let directMetadata: [SwiftSetting] = [
    .unsafeFlags(["-Xfrontend", "-disable-concrete-type-metadata-mangled-name-accessors"])
]

/// GCC's start-up object for static executables hands all unwinding tables to libgcc, which sorts them when a thread ends for
/// the first time: 70 ms. A weak reference that leads nowhere keeps it from that, and the linker's sorted table is used.
let sortedFrames = ["__register_frame_info", "__deregister_frame_info"].flatMap { ["-Xlinker", "--wrap=\($0)"] }

/// Set by `make static` to the folder with libmnl.a, which Debian lacks: the executable is then linked statically. Nothing is
/// compiled in another way, so that only the link is done again. The libraries are those that Foundation is made of.
let staticLink: [LinkerSetting] =
    Context.environment["FAIRLEAD_STATIC"].map { folder in
        let foundation = [
            "Foundation", "CoreFoundation", "_FoundationICU", "_FoundationCShims", "_FoundationCollections",
        ]
        let libraries = foundation + ["stdc++"]
        return [.unsafeFlags(["-static-executable", "-L\(folder)"] + libraries.map { "-l\($0)" } + sortedFrames)]
    } ?? []

/// As `staticLink`, for the plugin, which has no Foundation.
let staticPlugin: [LinkerSetting] =
    Context.environment["FAIRLEAD_STATIC"].map {
        [.unsafeFlags(["-static-executable", "-L\($0)"] + sortedFrames)]
    } ?? []

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS: Target.Dependency = .product(name: "HummingbirdTLS", package: "hummingbird")
let certificates: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "fairlead",
    products: [
        .executable(name: "fairlead", targets: ["fairlead"]),
        .executable(name: "fairlead-cni", targets: ["fairlead-cni"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
    ],
    targets: [
        .target(name: "CLinux", cSettings: gnu),
        .systemLibrary(
            name: "CNftnl", pkgConfig: "libnftnl",
            providers: [.apt(["libnftnl-dev", "libmnl-dev"])]),
        .target(name: "Net", swiftSettings: safe + directMetadata),
        .target(
            name: "Netlink", dependencies: ["CLinux", "CNftnl", "Net"], cSettings: gnu,
            swiftSettings: lowLevel + directMetadata),
        .target(name: "Dataplane", dependencies: ["Net", "Netlink"], swiftSettings: safe),
        // The JSON reader is a value that must not outlive the bytes that it reads.
        .target(name: "KubeAPI", swiftSettings: safe + [.enableExperimentalFeature("Lifetimes")]),
        .target(
            name: "Manifest", dependencies: ["KubeAPI", .product(name: "Yams", package: "Yams")], swiftSettings: safe),
        .target(name: "Storage", swiftSettings: safe),
        .target(
            name: "DurableStorage",
            dependencies: ["Storage", "Netlink", .product(name: "GRDB", package: "GRDB.swift")], swiftSettings: safe),
        .target(name: "APIMachinery", dependencies: ["KubeAPI", "Net"], swiftSettings: safe),
        .target(name: "Proxy", dependencies: ["KubeAPI", "Dataplane", "Net", logging, metrics], swiftSettings: safe),
        .target(
            name: "ControlPlane",
            dependencies: [
                "APIMachinery", "Storage", "KubeAPI", "Manifest", "Exposition", "Net", "Netlink", logging, metrics,
                lifecycle, hummingbird, hummingbirdCore, hummingbirdTLS, nio, nioSSL, certificates, crypto,
            ],
            swiftSettings: safe),
        .target(
            name: "KubeClient",
            dependencies: [
                "KubeAPI", "Manifest", "Net", httpClient, nio, nioPosix, nioSSL, nioTLS, nioHTTP1, subprocess, logging,
                lifecycle,
            ],
            swiftSettings: safe),
        .target(name: "KubeProxyConfig", dependencies: ["KubeAPI", "Manifest", "Net"], swiftSettings: safe),
        .target(name: "Exposition", dependencies: [metrics], swiftSettings: safe),
        .target(
            name: "HealthServer",
            dependencies: ["KubeAPI", "Net", "Netlink", "Proxy", logging, metrics, nio, nioPosix, nioHTTP1],
            swiftSettings: safe),
        .executableTarget(
            name: "fairlead",
            dependencies: [
                "ControlPlane", "DurableStorage", "Storage", "KubeClient", "KubeProxyConfig", "Exposition", "Proxy",
                "Dataplane", "HealthServer", "KubeAPI", "CNI", "Net", "Netlink", argumentParser, logging, metrics,
                lifecycle,
            ],
            swiftSettings: safe, linkerSettings: staticLink),
        // The plugin: one thread, no runtime but Swift's own, so that a process of it starts in a millisecond.
        .target(name: "CNI", dependencies: ["Net", "Netlink"], swiftSettings: safe + directMetadata),
        .executableTarget(
            name: "fairlead-cni", dependencies: ["CNI"], swiftSettings: safe + directMetadata,
            linkerSettings: staticPlugin),
        .target(
            // Not strict: its sockets make system calls of their own, so that no test rests on the code that it tests.
            name: "TestSupport", dependencies: ["CLinux", "Net", "Netlink", "Dataplane"], path: "Tests/TestSupport",
            cSettings: gnu, swiftSettings: lowLevel),
        // Pure: what the figures are made of, how they are written down.
        .target(name: "BenchReport", path: "bench/Report", swiftSettings: safe),
        .executableTarget(
            name: "fairlead-bench",
            dependencies: [
                "BenchReport", "TestSupport", "ControlPlane", "APIMachinery", "DurableStorage", "Storage", "KubeClient",
                "Proxy",
                "Dataplane", "KubeAPI", "Netlink", "Net",
                argumentParser, logging, httpClient, nio, nioPosix, nioSSL,
            ],
            path: "bench/Sources", swiftSettings: safe),
        .testTarget(name: "BenchReportTests", dependencies: ["BenchReport"], swiftSettings: safe),
        .testTarget(name: "BenchTests", dependencies: ["fairlead-bench", "BenchReport", nio], swiftSettings: safe),
        .testTarget(name: "NetTests", dependencies: ["Net"], swiftSettings: safe),
        .testTarget(
            name: "NetlinkTests", dependencies: ["CLinux", "CNftnl", "Net", "Netlink"], cSettings: gnu,
            swiftSettings: lowLevel),
        .testTarget(
            name: "DataplaneTests", dependencies: ["Dataplane", "Net", "Netlink", "TestSupport"], swiftSettings: safe),
        .testTarget(name: "KubeAPITests", dependencies: ["KubeAPI", "TestSupport"], swiftSettings: safe),
        .testTarget(
            name: "APIMachineryTests", dependencies: ["APIMachinery", "KubeAPI", "Net"], swiftSettings: safe),
        .testTarget(name: "StorageTests", dependencies: ["Storage"], swiftSettings: safe),
        .executableTarget(
            name: "store-driver", dependencies: ["DurableStorage", "Storage", "Netlink"], path: "Tests/StoreDriver",
            swiftSettings: safe),
        .testTarget(
            name: "DurableStorageTests",
            dependencies: ["DurableStorage", "Storage", "store-driver", "Netlink", "TestSupport"], swiftSettings: safe),
        .testTarget(name: "ManifestTests", dependencies: ["Manifest", "KubeAPI"], swiftSettings: safe),
        .executableTarget(
            name: "address-store-driver", dependencies: ["CNI", "Net", "Netlink"], path: "Tests/AddressStoreDriver",
            swiftSettings: safe),
        .testTarget(
            name: "CNITests",
            dependencies: ["CNI", "fairlead-cni", "address-store-driver", "Net", "Netlink", "TestSupport"],
            swiftSettings: safe),
        .testTarget(
            name: "ProxyTests",
            dependencies: [
                "Proxy", "Dataplane", "KubeAPI", "Net", logging,
                .product(name: "MetricsTestKit", package: "swift-metrics"),
            ],
            swiftSettings: safe),
        .testTarget(
            name: "ControlPlaneTests",
            dependencies: [
                "ControlPlane", "APIMachinery", "Storage", "KubeAPI", "Net", "Netlink", "TestSupport", httpClient,
                lifecycle,
                logging, nio, nioPosix, nioHTTP1, nioSSL, certificates, crypto, subprocess,
            ],
            swiftSettings: safe),
        .testTarget(
            name: "TrafficTests",
            dependencies: [
                "TestSupport", "Exposition", "HealthServer", "Proxy", "Dataplane", "KubeAPI", "Net", "Netlink", logging,
                metrics,
            ],
            swiftSettings: safe),
        .testTarget(
            name: "OperatorTests",
            dependencies: [
                "fairlead", "fairlead-cni", "KubeAPI", "DurableStorage", "Storage", "KubeProxyConfig", "TestSupport",
                "Proxy", "Dataplane", "Net",
                "Netlink", argumentParser, logging,
            ],
            swiftSettings: safe),
        .testTarget(
            name: "KubeClientTests",
            dependencies: [
                "KubeClient", "KubeAPI", "ControlPlane", "Net", "TestSupport", httpClient, nio, nioPosix, nioHTTP1,
                nioSSL,
                logging,
            ],
            swiftSettings: safe),
        .testTarget(
            name: "KubeProxyConfigTests", dependencies: ["KubeProxyConfig", "KubeAPI", "Net", "TestSupport"],
            swiftSettings: safe),
        .testTarget(
            name: "ExpositionTests", dependencies: ["Exposition", metrics, "TestSupport"], swiftSettings: safe),
        .testTarget(
            name: "ConformanceTests", dependencies: ["fairlead", "TestSupport", "Netlink"], swiftSettings: safe),
        .testTarget(
            name: "RuntimeTests", dependencies: ["fairlead", "fairlead-cni", "Net", "Netlink", "TestSupport"],
            exclude: ["Node"], swiftSettings: safe),
        .testTarget(
            name: "KubectlSessionTests",
            dependencies: ["fairlead", "DurableStorage", "Storage", "Netlink", "TestSupport"],
            exclude: ["session.sh", "client.py"], swiftSettings: safe),
        .testTarget(name: "TestSupportTests", dependencies: ["TestSupport", "Net"], swiftSettings: safe),
        .testTarget(
            name: "PackagingTests", dependencies: [.product(name: "Yams", package: "Yams")], swiftSettings: safe),
        .testTarget(
            name: "TidyTests", dependencies: [.product(name: "Yams", package: "Yams")], swiftSettings: safe),
    ],
    swiftLanguageModes: [.v6]
)
