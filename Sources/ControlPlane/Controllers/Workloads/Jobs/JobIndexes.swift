/// Completion indexes of a Job, as its status writes them: `1,3-5,7` (upstream's `orderedIntervals`).
struct JobIndexes: Sendable, Equatable {
    /// In order, with at least one number between two of them.
    private(set) var ranges: [ClosedRange<Int>] = []

    init() {}

    init(_ indexes: some Sequence<Int>) { self.init(merging: indexes.sorted().map { $0...$0 }) }

    /// What is no number is left out, as are indexes from `limit` on.
    init(_ text: String, limit: Int) {
        let ranges = text.split(separator: ",").compactMap { part -> ClosedRange<Int>? in
            let ends = part.split(separator: "-", maxSplits: 1).map { Int($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, first >= 0, first < limit else {
                return nil
            }
            return first <= last ? first...min(last, limit - 1) : nil
        }
        self.init(merging: ranges)
    }

    private init(merging ranges: [ClosedRange<Int>]) {
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            guard let last = self.ranges.last, range.lowerBound <= last.upperBound + 1 else {
                self.ranges.append(range)
                continue
            }
            self.ranges[self.ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
        }
    }

    func union(_ other: JobIndexes) -> JobIndexes { JobIndexes(merging: ranges + other.ranges) }

    func contains(_ index: Int) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < index { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(index)
    }

    var count: Int { ranges.reduce(0) { $0 + $1.count } }

    /// How many are in both.
    func countShared(with other: JobIndexes) -> Int {
        var (own, others, count) = (0, 0, 0)
        while own < ranges.count, others < other.ranges.count {
            let (left, right) = (ranges[own], other.ranges[others])
            if left.overlaps(right) { count += left.clamped(to: right).count }
            if left.upperBound <= right.upperBound { own += 1 }
            if right.upperBound <= left.upperBound { others += 1 }
        }
        return count
    }

    /// The least ones below `limit` that are missing, at most so many.
    func missing(_ count: Int, below limit: Int) -> [Int] {
        var missing: [Int] = []
        var candidate = 0
        for range in ranges {
            while candidate < min(limit, range.lowerBound), missing.count < count {
                missing.append(candidate)
                candidate += 1
            }
            candidate = max(candidate, range.upperBound + 1)
        }
        while candidate < limit, missing.count < count {
            missing.append(candidate)
            candidate += 1
        }
        return missing
    }

    var text: String {
        ranges.map { range in
            switch range.count {
            case 1: "\(range.lowerBound)"
            case 2: "\(range.lowerBound),\(range.upperBound)"
            default: "\(range.lowerBound)-\(range.upperBound)"
            }
        }.joined(separator: ",")
    }
}
