import Glibc

/// The file behind a path or a descriptor, whatever it is called.
struct FileIdentity: Hashable, Sendable {
    /// The device.
    let device: UInt64
    /// The number of the file on its device.
    let inode: UInt64
    /// The number of its names.
    let links: Int

    private init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        links = Int(status.st_nlink)
    }

    /// The file that a path leads to; nil when there is none.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// The file of an open descriptor; nil when the descriptor is not open.
    init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    /// True when both are one file; the number of its names may have changed.
    static func == (left: FileIdentity, right: FileIdentity) -> Bool {
        left.device == right.device && left.inode == right.inode
    }

    /// Hashes what ``==(_:_:)`` compares.
    func hash(into hasher: inout Hasher) {
        hasher.combine(device)
        hasher.combine(inode)
    }
}
