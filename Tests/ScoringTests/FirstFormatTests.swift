import LimpetScoring
import Testing

/// A file as the first release wrote it. It must be read for ever, and written again with the same bytes.
@Suite struct FirstFormatTests {
    private static let file = #"""
        {"sha256": "56aecaed64506a73d8222ff339c24692f94b40759f5669dcabe8fcd0d075022f",
        "model": {
          "format": 1,
          "kind": "stumps",
          "source": {
            "type": "table",
            "target": "Churn",
            "positive": "Yes"
          },
          "inputs": [
            {
              "name": "months",
              "type": "number"
            },
            {
              "name": "contract",
              "type": "category"
            }
          ],
          "intercept": -1.0,
          "terms": [
            {
              "input": "months",
              "type": "steps",
              "edges": [1.5],
              "values": [0.5,-0.25],
              "missing": 0.125,
              "importance": 0.0
            },
            {
              "input": "contract",
              "type": "levels",
              "levels": ["yearly"],
              "values": [-0.5],
              "other": 0.5,
              "missing": 0.0,
              "importance": 0.0
            }
          ],
          "calibrator": {
            "type": "isotonic",
            "logOdds": [-2.0,0.0,2.0],
            "probabilities": [0.1,0.4,0.9]
          },
          "training": {
            "rows": 10,
            "users": 10,
            "positives": 3,
            "inputs": [
              {
                "edges": [1.5],
                "counts": [5,4],
                "missing": 1
              },
              {
                "levels": ["yearly"],
                "counts": [5,5],
                "missing": 0
              }
            ],
            "logOdds": {
              "edges": [],
              "counts": [10],
              "missing": 0
            }
          },
          "evaluation": null,
          "provenance": null,
          "golden": {
            "rows": [
              {
                "values": [1.5,"another"],
                "logOdds": -0.75,
                "probability": 0.28750000000000003
              },
              {
                "values": [-1.25,null],
                "logOdds": -0.5,
                "probability": 0.32500000000000007
              },
              {
                "values": [null,"yearly"],
                "logOdds": -1.375,
                "probability": 0.19375000000000003
              },
              {
                "values": [1.5,"another"],
                "logOdds": -0.75,
                "probability": 0.28750000000000003
              },
              {
                "values": [-1.25,null],
                "logOdds": -0.5,
                "probability": 0.32500000000000007
              }
            ],
            "histories": []
          }
        }}

        """#

    @Test("a file of version 1 is read, and its model is still written as version 1")
    func unchanged() throws {
        let bytes = Array(Self.file.utf8)
        let verified = try ModelFile.decode(bytes)
        #expect(verified.scorer.model == TestModels.table())
        #expect(verified.scorer.model.format == 1)
        #expect(ModelFile.encode(verified.scorer.model).bytes == bytes)
    }
}
