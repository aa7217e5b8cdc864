/// Settings for Windows (`KubeProxyWinkernelConfiguration`): read, so that they can be refused by name.
package struct WinkernelSection: Sendable, Equatable {
    package var networkName = ""
    package var sourceVip = ""
    package var enableDSR = false
    package var rootHnsEndpointName = ""
    package var forwardHealthCheckVip = false

    package init() {}
}

extension WinkernelSection: ConfigurationSection {
    mutating func exchange(_ fields: inout FieldExchange) {
        fields.field("networkName", &networkName)
        fields.field("sourceVip", &sourceVip)
        fields.field("enableDSR", &enableDSR)
        fields.field("rootHnsEndpointName", &rootHnsEndpointName)
        fields.field("forwardHealthCheckVip", &forwardHealthCheckVip)
    }
}
