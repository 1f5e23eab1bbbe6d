import LimpetDocuments
import LimpetScoring
import LimpetTestSupport
import Testing

/// A file of version 3, whose training rows had weights. It must be read for ever, and written again with the
/// same bytes.
@Suite struct ThirdFormatTests {
    private static let file = #"""
        {"sha256": "526db70bee39c0be4c5f86e423d85b34b02a9553210f932d6f8436f55e26159d",
        "model": {
          "format": 3,
          "kind": "logistic",
          "source": {
            "type": "table",
            "target": "left",
            "positive": "yes"
          },
          "inputs": [
            {
              "name": "months",
              "type": "number"
            },
            {
              "name": "plan",
              "type": "category"
            }
          ],
          "intercept": -0.542464555183493,
          "terms": [
            {
              "input": "months",
              "type": "line",
              "transform": "identity",
              "coefficient": -0.18051848273815976,
              "offset": 0.39584281672321964,
              "standardError": 0.17785183761157763,
              "missing": 0.0,
              "importance": 0.2392766717360396
            },
            {
              "input": "plan",
              "type": "levels",
              "levels": ["basic","pro"],
              "values": [0.49257626744688465,-0.5056246453924974],
              "other": 0.0,
              "standardErrors": [0.23058338092520272,0.23669154995633393],
              "missing": 0.0,
              "importance": 0.49905781283994644
            }
          ],
          "calibrator": {
            "type": "none"
          },
          "training": {
            "rows": 60,
            "users": 60,
            "positives": 21,
            "weight": 76.5,
            "positiveWeight": 28.75,
            "inputs": [
              {
                "edges": [0.5,1.5,2.5,3.5],
                "counts": [11.25,12.75,17.25,20.5,14.75],
                "missing": 0
              },
              {
                "levels": ["basic","pro"],
                "counts": [38.75,37.75,0],
                "missing": 0
              }
            ],
            "logOdds": {
              "edges": [-1.3,-1.1,-0.9,-0.7,-0.5,-0.3,-0.11,0.0,0.3],
              "counts": [4.5,12,10,5.5,5.75,10.25,8.5,7.25,7.25,5.5],
              "missing": 0
            }
          },
          "evaluation": null,
          "provenance": {
            "limpet": "0.1.0",
            "settings": {
              "model": "logistic",
              "seed": 1,
              "folds": 0,
              "repeats": 1,
              "maximumRounds": 10000,
              "learningRate": 0.1,
              "bins": 255,
              "earlyStopping": true,
              "bags": 1,
              "minimumUsers": 20.0,
              "calibration": "platt",
              "chosen": {
                "l2": 1.0
              }
            },
            "inSampleAuc": 0.6654677896653768
          },
          "golden": {
            "rows": [
              {
                "values": [3.5,"another level"],
                "logOdds": -0.7784364280438325,
                "probability": 0.31465696941151666
              },
              {
                "values": [null,"pro"],
                "logOdds": -1.0480892005759905,
                "probability": 0.2595921955332372
              },
              {
                "values": [1.5,null],
                "logOdds": -0.41739946256751304,
                "probability": 0.3971392030611397
              },
              {
                "values": [null,"basic"],
                "logOdds": -0.04988828773660836,
                "probability": 0.4875305141728042
              },
              {
                "values": [3.5,null],
                "logOdds": -0.7784364280438325,
                "probability": 0.31465696941151666
              },
              {
                "values": [0.5,"another level"],
                "logOdds": -0.23688097982935324,
                "probability": 0.4410551267829715
              },
              {
                "values": [0.5,"another level"],
                "logOdds": -0.23688097982935324,
                "probability": 0.4410551267829715
              },
              {
                "values": [-0.5,"pro"],
                "logOdds": -0.5619871424836909,
                "probability": 0.363087798079915
              },
              {
                "values": [1.5,"basic"],
                "logOdds": 0.07517680487937162,
                "probability": 0.5187853548522683
              },
              {
                "values": [2.5,null],
                "logOdds": -0.5979179453056728,
                "probability": 0.354820179405034
              },
              {
                "values": [-0.5,"pro"],
                "logOdds": -0.5619871424836909,
                "probability": 0.363087798079915
              },
              {
                "values": [2.5,"basic"],
                "logOdds": -0.10534167785878812,
                "probability": 0.47368890693283616
              }
            ],
            "histories": []
          }
        }}

        """#

    @Test("a file of version 3 is read, and its model is still written as version 3")
    func unchanged() throws {
        let bytes = Array(Self.file.utf8)
        let model = try ModelFile.decode(bytes).scorer.model
        #expect(model.format == 3)
        #expect(model.training.rows == 60 && model.training.weight == 76.5)
        #expect(model.training.positives == 21 && model.training.positiveWeight == 28.75)
        #expect(model.training.inputs[0].counts[2] == 17.25)
        #expect(ModelFile.encode(model).bytes == bytes)
    }

    @Test("version 3 is for weights, and for them alone")
    func versions() throws {
        var model = TestModels.table()
        #expect(model.format == 1)
        model.training.weight += 0.5
        model.training.inputs[0].counts[0] += 0.5
        model.training.inputs[1].counts[0] += 0.5
        model.training.logOdds.counts[0] += 0.5
        #expect(model.format == 3)
        let read = try Model(DocumentNode(model.document, path: "model"))
        #expect(read == model)
        model.training.inputs[0].counts[0] += 0.25
        #expect(throws: DocumentError.self) { try Model(DocumentNode(model.document, path: "model")) }
    }
}
