import Net

extension NFTBackend {
    package var programmed: [IPFamily: [ServicePortName: ServicePort]] { committed.mapValues(\.servicePorts) }
}
