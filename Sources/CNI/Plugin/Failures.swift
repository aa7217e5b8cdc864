/// What went wrong while everything was tried.
struct Failures {
    private var errors: [CNIError] = []

    /// Whether `body` went through; what it throws is kept.
    @discardableResult
    mutating func attempt(_ body: () throws(CNIError) -> Void) -> Bool {
        do throws(CNIError) {
            try body()
            return true
        } catch {
            errors.append(error)
            return false
        }
    }

    /// - Throws: The first failure, with the others in its details.
    func throwFirst() throws(CNIError) {
        guard let first = errors.first else { return }
        let details = ([first.details] + errors.dropFirst().map(\.description)).filter { !$0.isEmpty }
        throw CNIError(first.code, first.message, details: details.joined(separator: "; "))
    }
}
