import Yams

/// A node of a YAML tree; `Node` is the Kubernetes kind.
typealias YAMLNode = Yams.Node
