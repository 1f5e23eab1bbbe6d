import LimpetScoring
import Testing

/// A file as written by the release that introduced the second format, with all that the first could not
/// hold.
///
/// It must be read for ever, and written again with the same bytes.
@Suite struct SecondFormatTests {
    private static let file = #"""
        {"sha256": "e7c54e9468e2cd27781d008297b0e8fe186dd200016cfbcb9bd91f2539e2d47f",
        "model": {
          "format": 2,
          "kind": "blend",
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
            },
            {
              "name": "charges",
              "type": "number"
            },
            {
              "name": "region",
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
            },
            {
              "input": "months",
              "type": "line",
              "transform": "signedLog",
              "coefficient": -0.2,
              "offset": 0.1,
              "missing": 0.3,
              "importance": 0.2
            },
            {
              "input": "charges",
              "type": "steps",
              "edges": [30.0],
              "values": [0.1,-0.1],
              "standardErrors": [0.01,0.02],
              "missing": 0.0,
              "importance": 0.1
            },
            {
              "input": "months",
              "second": "charges",
              "type": "grid",
              "rows": {
                "edges": [-1.0,0.0,12.0]
              },
              "columns": {
                "edges": [20.5]
              },
              "values": [
                [0.01,-0.01,0.03],
                [-0.03,0.05,-0.05],
                [0.07,-0.07,0.09],
                [-0.09,0.11,-0.11],
                [0.13,-0.13,0.15]
              ],
              "importance": 0.05
            },
            {
              "input": "contract",
              "second": "months",
              "type": "grid",
              "rows": {
                "levels": ["yearly","monthly"]
              },
              "columns": {
                "edges": [-1.0,0.0,12.0]
              },
              "values": [
                [0.01,-0.01,0.03,-0.03,0.05],
                [-0.05,0.07,-0.07,0.09,-0.09],
                [0.11,-0.11,0.13,-0.13,0.15],
                [-0.15,0.17,-0.17,0.19,-0.19]
              ],
              "importance": 0.05
            },
            {
              "input": "region",
              "second": "contract",
              "type": "grid",
              "rows": {
                "levels": ["north"]
              },
              "columns": {
                "levels": ["yearly","monthly"]
              },
              "values": [
                [0.01,-0.01,0.03,-0.03],
                [0.05,-0.05,0.07,-0.07],
                [0.09,-0.09,0.11,-0.11]
              ],
              "importance": 0.05
            },
            {
              "input": "charges",
              "type": "curve",
              "transform": "signedLog",
              "knots": [0.5,2.0,3.25],
              "values": [0.2,-0.1,0.05],
              "slopes": [-0.25,0.125,0.5],
              "missing": -0.02,
              "importance": 0.05
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
              },
              {
                "edges": [20.5,30.0],
                "counts": [5,2,3],
                "missing": 0
              },
              {
                "levels": ["north"],
                "counts": [4,5],
                "missing": 1
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
                "values": [1.5,"another",-1.25,"north"],
                "logOdds": 0.024474407679251242,
                "probability": 0.40611860191981286
              },
              {
                "values": [-1.25,null,null,"another"],
                "logOdds": -0.44781395675673424,
                "probability": 0.33282790648648986
              },
              {
                "values": [null,"yearly",20.5,null],
                "logOdds": -0.9871975783737285,
                "probability": 0.25192036324394074
              },
              {
                "values": [1.5,"another",30.0,"north"],
                "logOdds": -0.7012645441322578,
                "probability": 0.29481031838016136
              },
              {
                "values": [-1.25,null,-1.25,"another"],
                "logOdds": 0.17991859729734805,
                "probability": 0.44497964932433703
              }
            ],
            "histories": []
          },
          "decision": {
            "threshold": 0.3,
            "value": 20.0,
            "successProbability": 0.25,
            "offerCost": 2.0,
            "contactCost": 0.5
          }
        }}

        """#

    @Test("a file of version 2 is read, and its model is still written as version 2")
    func unchanged() throws {
        let bytes = Array(Self.file.utf8)
        let verified = try ModelFile.decode(bytes)
        #expect(verified.scorer.model == TestModels.second())
        #expect(verified.scorer.model.format == 2)
        #expect(ModelFile.encode(verified.scorer.model).bytes == bytes)
    }
}
