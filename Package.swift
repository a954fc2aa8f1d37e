// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let strictC: [CSetting] = [
  .enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error),
]

let package = Package(
  name: "textlm",
  products: [
    .library(name: "TextLM", targets: ["TextLM"]),
    .executable(name: "textlm", targets: ["TextLMTool"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    .target(
      name: "CTextLMKernels",
      cSettings: strictC,
      linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("dl"), .linkedLibrary("m")]),
    .target(
      name: "CTextLMICU",
      cSettings: strictC,
      linkerSettings: [
        .linkedLibrary("icui18n"), .linkedLibrary("icuuc"), .linkedLibrary("icudata"),
      ]),
    .target(
      name: "CTextLMGzip", cSettings: strictC, linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "TextLMTensors", dependencies: ["CTextLMKernels"], swiftSettings: strict),
    .target(name: "TextLMNN", dependencies: ["TextLMTensors"], swiftSettings: strict),
    .target(name: "TextLMTokenization", dependencies: ["CTextLMICU"], swiftSettings: strict),
    .target(
      name: "TextLM",
      dependencies: [
        "CTextLMGzip", "TextLMNN", "TextLMTensors", "TextLMTokenization",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "TextLMTool",
      dependencies: [
        "TextLM", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .target(
      name: "TextLMTestSupport", dependencies: ["TextLM", "TextLMNN", "TextLMTensors"],
      path: "Tests/TextLMTestSupport", swiftSettings: strict),
    .testTarget(
      name: "TextLMTensorsTests",
      dependencies: ["TextLMTensors", "CTextLMKernels", "TextLMTestSupport"], swiftSettings: strict),
    .testTarget(
      name: "TextLMNNTests", dependencies: ["TextLMNN", "TextLMTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "TextLMTokenizationTests",
      dependencies: ["TextLM", "TextLMTokenization", "TextLMTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "TextLMTests", dependencies: ["TextLM", "TextLMTestSupport"], swiftSettings: strict),
    .testTarget(
      name: "TextLMToolTests", dependencies: ["TextLM", "TextLMTool", "TextLMTestSupport"],
      swiftSettings: strict),
  ]
)
