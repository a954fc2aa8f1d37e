// What `import TextLM` brings with it.
@_exported public import TextLMNN
@_exported public import TextLMTensors
@_exported public import TextLMTokenization
