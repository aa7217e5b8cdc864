import CLinux
import Glibc

extension NetlinkSocket {
    /// Queues only the datagrams that the program accepts (`SO_ATTACH_FILTER`, socket(7)).
    func attach(filter: [sock_filter]) throws(NetlinkError) {
        var instructions = filter
        let number = rawDescriptor
        let status = instructions.withUnsafeMutableBufferPointer { instructions in
            var program = sock_fprog(len: UInt16(instructions.count), filter: instructions.baseAddress)
            return setsockopt(
                number, SOL_SOCKET, SO_ATTACH_FILTER, &program, socklen_t(MemoryLayout<sock_fprog>.size))
        }
        guard status == 0 else { throw .lastCall("netlink option SO_ATTACH_FILTER") }
    }
}
