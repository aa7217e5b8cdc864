import KubeAPI

/// The rules for probes and for what runs at a container's start and end (`validateProbe`, `validateLifecycle`,
/// `validateHandler`).
extension PodSpecRules {
    mutating func checkHandlers(of container: JSONValue, _ path: String) {
        if let lifecycle = container.field("lifecycle") {
            for hook in ["postStart", "preStop"] {
                if let handler = lifecycle.field(hook) { checkHandler(handler, "\(path).lifecycle.\(hook)") }
            }
        }
        for key in ["livenessProbe", "readinessProbe", "startupProbe"] {
            guard let probe = container.field(key) else { continue }
            let path = "\(path).\(key)"
            checkProbe(probe, path)
            if key != "readinessProbe" {
                if probe.number("successThreshold") != 1 {
                    failures.append(
                        .invalid("\(path).successThreshold", JSONValue(probe.number("successThreshold")), "must be 1"))
                }
            } else if let period = probe.field("terminationGracePeriodSeconds") {
                failures.append(
                    .invalid(
                        "\(path).terminationGracePeriodSeconds", period, "must not be set for readinessProbes"))
            }
        }
    }

    private mutating func checkProbe(_ probe: JSONValue, _ path: String) {
        checkHandler(probe, path)
        let numbers = [
            "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold",
        ]
        for key in numbers { failures.checkNotNegative("\(path).\(key)", probe.number(key)) }
        if let period = probe.field("terminationGracePeriodSeconds")?.integer, period <= 0 {
            failures.append(
                .invalid("\(path).terminationGracePeriodSeconds", JSONValue(period), "must be greater than 0"))
        }
    }

    private mutating func checkHandler(_ handler: JSONValue, _ path: String) {
        var isFirst = true
        for key in ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] {
            guard let action = handler.field(key) else { continue }
            guard isFirst else {
                failures.append(.forbidden("\(path).\(key)", "may not specify more than 1 handler type"))
                continue
            }
            isFirst = false
            checkAction(key, action, "\(path).\(key)")
        }
        if isFirst { failures.append(.required(path, "must specify a handler type")) }
    }

    private mutating func checkAction(_ kind: String, _ action: JSONValue, _ path: String) {
        switch kind {
        case "exec": if action.list("command").isEmpty { failures.append(.required("\(path).command")) }
        case "httpGet":
            failures.require("\(path).path", action.text("path"))
            failures.checkPortOrName("\(path).port", action.field("port"))
            failures.check("\(path).scheme", action.text("scheme"), isOneOf: ["HTTP", "HTTPS"])
            for header in action.list("httpHeaders") {
                failures.check("\(path).httpHeaders", header.text("name"), NameSyntax.header)
            }
        case "tcpSocket": failures.checkPortOrName("\(path).port", action.field("port"))
        case "grpc": failures.checkPort("\(path).port", action.number("port"))
        default:
            let grace = spec.number("terminationGracePeriodSeconds")
            let seconds = action.number("seconds")
            if seconds < 0 || seconds > grace {
                failures.append(
                    .invalid(
                        path, JSONValue(seconds),
                        "must be non-negative and less than terminationGracePeriodSeconds (\(grace))"))
            }
        }
    }
}
