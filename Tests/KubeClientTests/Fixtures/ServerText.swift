/// The JSON that an API server sends.
enum ServerText {
    static let expired = status(410, "Expired", "too old resource version: 1 (5)")
    static let tooNew = """
        {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Timeout: Too large resource \
        version: 9, current: 5","reason":"Timeout","details":{"causes":[{"reason":"ResourceVersionTooLarge","message":\
        "Too large resource version"}],"retryAfterSeconds":0},"code":504}
        """

    static func invalid(_ code: Int) -> String {
        code == 404
            ? "404 page not found\n"
            : status(code, code == 422 ? "Invalid" : "BadRequest", "sendInitialEvents: Forbidden")
    }

    static func status(_ code: Int, _ reason: String, _ message: String) -> String {
        """
        {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"\(message)",\
        "reason":"\(reason)","code":\(code)}
        """
    }

    static func object(_ name: String, _ service: FakeCluster.Stored?, isReadable: Bool = true) -> String {
        """
        {"kind":"Service","apiVersion":"v1","metadata":{"name":"\(name)","namespace":"default",\
        "resourceVersion":"\(service?.version ?? 0)"},"spec":{"clusterIP":"\(service?.clusterIP ?? "")",\
        "ports":[{"port":\(isReadable ? "80" : "\"eighty\"")}]}}
        """
    }

    static func list(version: Int, continueToken: String, items: [String]) -> String {
        let token = continueToken.isEmpty ? "" : ",\"continue\":\"\(continueToken)\""
        return """
            {"kind":"ServiceList","apiVersion":"v1","metadata":{"resourceVersion":"\(version)"\(token)},\
            "items":[\(items.joined(separator: ","))]}
            """
    }

    static func line(_ change: FakeCluster.Change, isReadable: Bool = true) -> String {
        let stored = FakeCluster.Stored(clusterIP: change.clusterIP, version: change.version)
        return "{\"type\":\"\(change.type)\",\"object\":\(object(change.name, stored, isReadable: isReadable))}\n"
    }

    static func bookmark(_ version: Int, endsInitialList: Bool = false) -> String {
        let mark = endsInitialList ? ",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}" : ""
        return """
            {"type":"BOOKMARK","object":{"kind":"Service","apiVersion":"v1","metadata":\
            {"resourceVersion":"\(version)"\(mark)}}}

            """
    }
}
