/// A log of three users and six events.
enum SmallLog {
    static let rows = """
        user,time,event,value
        a,2025-01-01,visit,
        a,2025-01-03,buy,10
        a,2025-01-12,visit,
        b,2025-01-02,visit,
        c,2025-01-04,buy,2.50
        c,2025-01-20,visit,

        """
}
