import LimpetDocuments

/// The names of columns and properties whose numbers name things instead of measuring them.
package enum IdentifierName {
    private static let words: VerbatimSet = [
        "id", "ids", "uuid", "guid", "key", "no", "nr", "num", "number", "code", "index", "zip", "zipcode",
        "postcode", "postal", "phone", "sku", "barcode", "ean", "isbn", "ref", "hash",
    ]
    private static let joined: VerbatimSet = [
        "rownumber", "clientnum", "userid", "customerid", "accountid", "clientid", "memberid", "subscriberid",
        "custid", "recordid", "productid", "itemid", "orderid", "invoiceid", "storeid", "stockcode",
        "zipcode",
    ]

    /// Returns true for names such as `customer_id`, `customerID`, `postcode` and `phone number`, but not for
    /// `paid` or `number_of_calls`.
    package static func isOne(_ name: String) -> Bool {
        let words = name.lowercased().split { !$0.isLetter }
        guard let last = words.last.map(String.init) else { return false }
        if joined.contains(words.joined()) || name.ends(with: "ID") || name.ends(with: "Id") { return true }
        return self.words.contains(last)
    }
}
