// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "TextLMSample",
  dependencies: [
    // The name makes `package: "textlm"` below valid whatever the folder of the checkout is called.
    .package(name: "textlm", path: "../..")
  ],
  targets: [
    .executableTarget(
      name: "TextLMSample",
      dependencies: [.product(name: "TextLM", package: "textlm")],
      swiftSettings: [.treatAllWarnings(as: .error)])
  ]
)
