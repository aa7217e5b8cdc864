extension CNIError {
    /// As the specification spells it ("Error").
    package func json(_ version: SpecVersion) -> JSONNode {
        var object: JSONObject = [
            "cniVersion": .string(version.rawValue), "code": .integer(code.rawValue), "msg": .string(message),
        ]
        object.append("details", ifPresent: details.isEmpty ? nil : .string(details))
        return .object(object)
    }
}
