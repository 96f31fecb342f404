import { describe, expect, it } from "vitest"
import { type Finding, lintProfile, loadProfile, parseProfile } from "../../../src/card/profile/index.js"

const findings = (changes: object): Finding[] => lintProfile(parseProfile({ extends: "employee", ...changes }))

/** Severity and field of every finding. */
const brief = (changes: object): string[] => findings(changes).map(({ severity, field }) => `${severity} ${field}`)

describe("the linter", () => {
  it.each<[string, object, string[]]>([
    [
      "a wrong check character of the social security number",
      { holder: { socialSecurityNumber: "999999199001010017" } },
      ["error holder.socialSecurityNumber"],
    ],
    [
      "a birth date that does not exist",
      { holder: { socialSecurityNumber: "999999199002300011", birthDate: "19900230" } },
      ["error holder.socialSecurityNumber", "error holder.birthDate"],
    ],
    ["a birth date unlike the number's", { holder: { birthDate: "19900102" } }, ["error holder.birthDate"]],
    ["a sex unlike the number's", { holder: { sex: "2" } }, ["error holder.sex"]],
    ["a synthetic number without the flag", { synthetic: false }, ["error synthetic"]],
    [
      "somebody's number without the flag",
      { synthetic: false, holder: { socialSecurityNumber: "11010519491231002X", sex: "2", birthDate: "19491231" } },
      ["error synthetic"],
    ],
    [
      "somebody's number with the flag",
      { holder: { socialSecurityNumber: "11010519491231002X", sex: "2", birthDate: "19491231" } },
      ["warning holder.socialSecurityNumber"],
    ],
    [
      "a wrong check character of the card number",
      { issuer: { cardNumber: "SB0000013" } },
      ["error issuer.cardNumber"],
    ],
    ["a date that does not exist", { issuer: { issueDate: "20250230" } }, ["error issuer.issueDate"]],
    ["a card that expires before it is issued", { issuer: { expiryDate: "20241231" } }, ["error issuer.expiryDate"]],
    ["a nation that is in no list", { holder: { nation: "77" } }, ["warning holder.nation"]],
    ["a code in another field", { fields: { "DF01.maritalStatus": "7" } }, ["warning fields.DF01.maritalStatus"]],
    [
      "a date inside a list",
      { fields: { "DF02.qualification": [{ code: "1", issueDate: "20259999" }] } },
      ["error fields.DF02.qualification[0].issueDate"],
    ],
    ["a region that is in no list", { region: "888888" }, ["warning region"]],
    ["a name that goes on in the extension", { holder: { name: "测".repeat(25) } }, []],
    ["a name that does not fit both", { holder: { name: "测".repeat(26) } }, ["error holder.name"]],
    [
      "a name that does not fit beside an extension of its own",
      { holder: { name: "测".repeat(16), nameExtension: "试" } },
      ["error holder.name"],
    ],
    [
      "a name extension in version 1.00",
      { specVersion: "1.00", holder: { nameExtension: "试" } },
      ["error holder.nameExtension"],
    ],
    ["the class of an employer's card on a person's", { issuer: { cardClass: "2" } }, ["warning issuer.cardClass"]],
    [
      "a key counter above its maximum",
      { keys: { test: true, counters: { RKssse: { tries: 3, triesLeft: 4 } } } },
      ["error keys.counters.RKssse.triesLeft"],
    ],
    [
      "a counter of a key that the card does not have",
      { keys: { test: true, counters: { UKEF0D: {} } } },
      ["error keys.counters.UKEF0D"],
    ],
    ["a name that is not in GBK", { holder: { name: "測𠮷" } }, ["error holder.name"]],
    ["a field that the tables do not have", { fields: { "DF01.shoeSize": "42" } }, ["error fields.DF01.shoeSize"]],
    ["a field that holder gives", { fields: { "SSSE.name": "x" } }, ["error fields.SSSE.name"]],
    [
      "a key that the card does not have",
      { keys: { test: true, values: { UK9DF09: "00".repeat(16) } } },
      ["error keys.values.UK9DF09"],
    ],
    ["a PIN of another length than six", { pin: { value: "1234" } }, ["warning pin.value"]],
    ["more tries left than there are", { pin: { triesLeft: 7 } }, ["error pin.triesLeft"]],
    ["a wrong Luhn digit", { financial: { pan: "6217000000000000047" } }, ["error financial.pan"]],
    ["another identity document", { financial: { idNumber: "999999198506150028" } }, ["warning financial.idNumber"]],
    [
      "a wrong identity number",
      { financial: { idNumber: "999999198506150029" } },
      ["error financial.idNumber", "warning financial.idNumber"],
    ],
    ["a passport", { financial: { idNumber: "E12345678", idType: "02" } }, []],
    ["a validity that ends before it begins", { financial: { expiry: "20241231" } }, ["error financial.expiry"]],
    ["an expiry that does not exist", { financial: { expiry: "20350231" } }, ["error financial.expiry"]],
    [
      "track 2 of another card",
      { financial: { track2: "6217000000000000053D35122200000000000F" } },
      ["error financial.track2"],
    ],
    [
      "track 2 with another expiry and service code",
      { financial: { track2: "6217000000000000046D34121200000000000F" } },
      ["error financial.track2", "error financial.track2"],
    ],
    ["track 2 of another form", { financial: { track2: "6217" } }, ["error financial.track2"]],
    ["track 2 that agrees", { financial: { track2: "6217000000000000046D35122201234567890F" } }, []],
    [
      "a CVM list that is too short",
      { financial: { cardholderVerification: "0000000000000000" } },
      ["error financial.cardholderVerification"],
    ],
    [
      "a CDOL1 without the unpredictable number",
      { financial: { cdol1: "9F02069F03069F1A0295055F2A029A039C01" } },
      ["error financial.cdol1"],
    ],
    [
      "a CDOL2 that does not begin with the response code",
      { financial: { cdol2: "9F02069F03069F1A0295055F2A029A039C019F37048A02" } },
      ["error financial.cdol2"],
    ],
    ["a list that does not parse", { financial: { pdol: "9F02" } }, ["error financial.pdol"]],
    [
      "more off-line data authentication than the card can do",
      { financial: { authentication: { method: "dda" }, aip: "7D00" } },
      ["warning financial.aip"],
    ],
    ["off-line data authentication as the card can do it", { financial: { authentication: { method: "cda" } } }, []],
    ["off-line data authentication without certificates", { financial: { aip: "7C00" } }, ["warning financial.aip"]],
    ["an AFL entry that is not lawful", { financial: { afl: "08020100" } }, ["error financial.afl"]],
    ["an AFL entry without a record", { financial: { afl: "0801010010010501" } }, ["warning financial.afl"]],
    ["a data object of another length", { financial: { data: { "9F79": "12" } } }, ["error financial.data.9F79"]],
    ["a data object that nobody knows", { financial: { data: { "9F01": "12" } } }, ["error financial.data.9F01"]],
    ["a data object that cannot be missing", { financial: { data: { "9F36": "" } } }, ["error financial.data.9F36"]],
    [
      "an account that the bank has active and the card has not",
      { bank: { state: "active", pin: "123456" } },
      ["warning bank.state"],
    ],
    [
      "an active account without a PIN",
      { financial: { state: "active" }, bank: { state: "active" } },
      ["error bank.pin"],
    ],
    ["two balances of one P1 P2", { medical: { p1p2: { spip: ["0001"] } } }, ["error medical.p1p2.spip"]],
  ])("finds %s", (_, changes, expected) => {
    expect(brief(changes)).toEqual(expected)
  })

  it.each<[string, object, string[]]>([
    ["two forms at once", { hex: "3B00" }, ["error atr"]],
    ["serial and historical bytes", { historical: "0081543100866011081600 0001".replace(" ", "") }, ["error atr"]],
  ])("finds an ATR given in %s", (_, atr, expected) => {
    expect(brief({ atr })).toEqual(expected)
  })

  it.each<[string, string, string[]]>([
    ["the real one", "3B6D00000081543100866011081600 0001", []],
    ["the bank's", "3B6D00005381543100866025010100 0001", []],
    ["one byte too short", "3B6D0000008154310086601108160000", ["error atr.hex"]],
    ["one byte too long", "3B6D0000008154310086601108160000 0100", ["error atr.hex"]],
    ["a first byte of no convention", "3C6D00000081543100866011081600 0001", ["error atr.hex"]],
    ["34 bytes", `3BFF${"00".repeat(32)}`, ["error atr.hex"]],
    ["a protocol other than T=0 without TCK", "3B8D0100815431008660110816000001", ["error atr.hex"]],
    ["a wrong TCK", "3B8D01008154310086601108160000 01FF", ["error atr.hex"]],
    ["too few bytes for the key factor", "3B021122", ["error atr.hex", "warning atr.hex"]],
    ["a TD1 that offers T=1", "3B8D01008154310086601108160000 0180", ["warning atr.hex", "warning atr.hex"]],
    ["the one of a contactless slot", "3B8D80010081543100866011081600000100", []],
    ["historical bytes that are no COMPACT-TLV", "3B6D0000808154310086601108160000 01", ["warning atr.hex"]],
  ])("judges an ATR: %s", (_, hex, expected) => {
    const { atr: _own, ...profile } = loadProfile("employee")
    const linted = lintProfile(parseProfile({ ...profile, atr: { hex: hex.replace(/ /g, "") } }))
    expect(
      linted.filter(({ field }) => field.startsWith("atr")).map((found) => `${found.severity} ${found.field}`),
    ).toEqual(expected)
  })

  it("says everything in both languages and repeats no personal value", () => {
    for (const finding of findings({ holder: { socialSecurityNumber: "999999199001010017", name: "测".repeat(26) } })) {
      expect(finding.zh).toMatch(/[\u4e00-\u9fff]/)
      expect(finding.en).toMatch(/^[\x20-\x7e]+$/)
      expect(finding.zh + finding.en).not.toMatch(/999999199001010017|测测/)
    }
  })

  it("puts errors before warnings", () => {
    expect(brief({ region: "888888", issuer: { cardNumber: "SB0000013" } })).toEqual([
      "error issuer.cardNumber",
      "warning region",
    ])
  })
})
