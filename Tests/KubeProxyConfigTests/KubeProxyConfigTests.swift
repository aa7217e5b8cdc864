import Testing

@testable import KubeProxyConfig
