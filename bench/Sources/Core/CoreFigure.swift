import ArgumentParser

/// What is measured of an API server, each with a server that was started for it.
enum CoreFigure: String, CaseIterable, ExpressibleByArgument {
    case writes, list, watch, deployment, memory
}
