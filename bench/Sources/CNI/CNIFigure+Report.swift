extension CNIFigure {
    /// What a result of that name includes.
    static func includes(_ result: String) -> String {
        switch result {
        case "start": "VERSION, from the start of the process to its end"
        case "removal of a link": "one request to the kernel alone: the least that DEL has to do"
        case "burst of adds", "burst of dels": "100 calls, 8 at a time unless told otherwise, until the last has ended"
        default:
            "from the start of the process to its end, of a chain of plugins the sum of them; IPv4 with masquerading, each pod in a "
                + "namespace of its own"
        }
    }
}
