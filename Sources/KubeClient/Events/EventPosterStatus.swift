/// What became of the events so far.
package struct EventPosterStatus: Sendable, Equatable {
    package var posted = 0
    /// Counted into the series of an event that was posted.
    package var repeated = 0
    /// The queue was full, the server refused, or it could not be reached for long.
    package var dropped = 0

    package init() {}
}
