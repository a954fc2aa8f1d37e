public import ArgumentParser
public import TextLM

// Words of the library that options take as they are.

extension LabelledFormat: ExpressibleByArgument {}
extension LabelKind: ExpressibleByArgument {}
extension LabelOrigin: ExpressibleByArgument {}
extension HeaderRule: ExpressibleByArgument {}
extension TextPooling: ExpressibleByArgument {}
