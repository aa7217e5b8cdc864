/// How a reflector fares, for people.
package struct ReflectorStatus: Sendable, Equatable {
    /// The server's last answer was one of success and has not broken off.
    package var isConnected = false
    /// A list has been handed out completely.
    package var isSynced = false
    /// Up to here everything has been handed out; empty before the first list.
    package var resourceVersion = ""
    /// Objects that are there.
    package var objects = 0
    /// Requests for a list or a page of one, also those that failed.
    package var lists = 0
    /// Requests for a watch, also those that failed and those that began with a list.
    package var watches = 0
    /// Answers that failed.
    package var errors = 0
    /// The last failure; nil once the server has answered well again.
    package var lastError: String?

    package init() {}
}
