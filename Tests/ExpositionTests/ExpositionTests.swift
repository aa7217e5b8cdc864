import Testing

@testable import Exposition
