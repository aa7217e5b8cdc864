import KubeAPI

/// Lengths of time for people, with two or three figures (k8s.io/apimachinery util/duration `HumanDuration`).
package enum HumanDuration {
    /// `5m30s`, `3d2h`; `<invalid>` for what lies more than a second ahead.
    package static func text(seconds: Int) -> String {
        if seconds < -1 { return "<invalid>" }
        if seconds < 0 { return "0s" }
        if seconds < 120 { return "\(seconds)s" }
        let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400)
        if minutes < 10 { return pair(minutes, "m", seconds % 60, "s") }
        if minutes < 180 { return "\(minutes)m" }
        if hours < 8 { return pair(hours, "h", minutes % 60, "m") }
        if hours < 48 { return "\(hours)h" }
        if hours < 192 { return pair(days, "d", hours % 24, "h") }
        if days < 730 { return "\(days)d" }
        if days < 2920 { return pair(days / 365, "y", days % 365, "d") }
        return "\(days / 365)y"
    }

    /// How long ago a time was; `<unknown>` for none.
    package static func text(since time: Timestamp?, now: Timestamp) -> String {
        guard let time else { return "<unknown>" }
        return text(seconds: Int((now.microsecondsSinceEpoch - time.microsecondsSinceEpoch) / 1_000_000))
    }

    private static func pair(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
        small == 0 ? "\(large)\(largeUnit)" : "\(large)\(largeUnit)\(small)\(smallUnit)"
    }
}

extension JSONValue {
    /// A field that holds a time; nil where there is none.
    func time(_ key: String) -> Timestamp? {
        let text = text(key)
        return text.isEmpty ? nil : Timestamp(text)
    }
}
