import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../src/apdu/index.js"
import { compileLayout, compileProfile, parseProfile } from "../../src/card/index.js"
import { sendAnything } from "../support/any-command.js"
import { T0_ATR } from "../support/iso-card.js"
import { SELECT_CERT, SELECT_PKI } from "../support/pki-card.js"
import { BANK_AID, SSSE_AID, testCardSpec } from "../support/test-card.js"

const T1_ATR = hex("3B8D80010081543100866011081600000100")
const LAYOUTS = [
  compileLayout(testCardSpec()),
  compileLayout(testCardSpec({ algorithm: "sm4", atr: T1_ATR, options: { emptyRecords: "missing" } })),
  compileLayout(testCardSpec({ options: { case4WithLe: "direct", shortLe: "cut", externalAuthOrder: "XA" } })),
  compileProfile(parseProfile({ extends: "employee-v3", pki: { keys: { test: true, signature: "11".repeat(32) } } })),
]

/** Without the large file, whose snapshots would take most of the time. */
const ISO_LAYOUTS = [
  {},
  { atr: { hex: T0_ATR } },
  { options: { channels: 3, chaining: 600, extendedLength: false } },
].map((changes) => {
  const profile = parseProfile({ extends: "iso", ...changes })
  if (profile.card !== "iso") throw new TypeError("profile: expected an ISO card")
  const loans = profile.root.directories[0]!
  const files = loans.files.map((file) => (file.name === "PHOTO" ? { ...file, size: 700 } : file))
  const root = { ...profile.root, directories: [{ ...loans, files }, profile.root.directories[1]!] }
  return compileProfile({ ...profile, root })
})

const RUNS = 1000
const COMMANDS = 200

/** Commands that are right somewhere on the card: what the mutations start from. */
const TEMPLATES = [
  `00A404000F${toHex(SSSE_AID)}`,
  `00A404000F${toHex(SSSE_AID)}`,
  `00A4040008${toHex(BANK_AID)}00`,
  "00A4040005D156000005",
  "00A4040205D156000005",
  "00A40000023F00",
  "00A4000002DDF2",
  "00A4000002DF01",
  "00A4010002DF04",
  "00A4020002EF05",
  "00A4000002EF06",
  "00A4000002EF08",
  "00A4000002EF09",
  "00A4000002EF11",
  "00A4000002EF15",
  "00A4030000",
  "00B2010400",
  "00B2012C12",
  "00B20A0203",
  "00B0000010",
  "00B0880500",
  "00B00000000400",
  "00C0000000",
  "00DC010403 2E0159",
  "00DC000303 AABBCC",
  "00DC010405 0102030405",
  "00E2000003 310159",
  "00D6000004 01020304",
  "0020000003123456",
  "0020000003123456",
  "0020000003111111",
  "0020000000",
  "805E010007123456FF123456",
  "805E010007123456FF654321",
  "0084000008",
  "0088000010 1122334455667788 0102030405060708",
  "0082000410 000102030405060708090A0B0C0D0E0F",
  "0082000018 000102030405060708090A0B0C0D0E0F1011121314151617",
  "8424000004 01020304",
  "842400010C 0102030405060708090A0B0C",
  "841E000004 01020304",
  "8418000004 01020304",
  "8416000004 01020304",
  "84D4000A24 000000000000000000000000000000000000000000000000000000000000000000000000",
  "04DC010407 2E0159 01020304",
  "84D600000C 0102030405060708090A0B0C",
  "04E2000007 310159 01020304",
  SELECT_PKI,
  SELECT_CERT,
  "00A40000020018",
  "80C4010305 C103123456 00",
  "0084000010",
  "0020018110 000102030405060708090A0B0C0D0E0F",
  "0020010010 000102030405060708090A0B0C0D0E0F",
  "00200181",
  "0082000010 000102030405060708090A0B0C0D0E0F",
  "8040000008 C0020012C2020013",
  "80C9820008 C0020012C2020013",
  "80C9828000",
  "804E00010A C2020013C18200020102",
  "80C2C00126 C2020015CB20 000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
  "845E010014 000102030405060708090A0B0C0D0E0F 01020304",
  "84D4010024 000000000000000000000000000000000000000000000000000000000000000000000000",
  "80EE000004AABBCCDD04",
  "80EE400000",
  "80EE00000000080102030405060708 0000",
  "801E010000",
  "8018000000",
  "80EF0000",
]

const ISO_TEMPLATES = [
  ...["00A4040006F00000000001", "00A4040C06F00000000001", "00A4040E05F000000000", "00A4080C064F004F010001"],
  ...["00A4090402000300", "00A4000C023F00", "00A4030C", "00A4020C020003", "00A4020C020007", "00A4080C022F05"],
  ...["0020000003123456", "0020000003123456", "0020000003111111", "0020000000", "805E010007123456FF123456"],
  ...["0084000008", "00820001101122334455667788 0102030405060708", "00820081101122334455667788 0102030405060708"],
  ...["0088000010 1122334455667788 0102030405060708", "00C0000000"],
  ...["0070000001", "0070000001", "00700002", "00708000", "01708000", "00708002", "02700000"],
  ...["01A4040C06F00000000001", "0120000003123456", "01B2011C00", "02A4040C06F00000000001", "02D6870001AA"],
  ...["4FA4040006F00000000002", "4FB0810010", "4F20000003123456", "41B0000010", "4F700001"],
  ...["00B0870010", "00B00000000000", "00B1000703540210 00", "00B1000006540202BB00", "00B2011D00", "00B22E1800"],
  ...["00D6870004AABBCCDD", "10D6870004AABBCCDD", "10D6870004AABBCCDD", "00D6870004AABBCCDD", "11D6870001AA"],
  ...[
    "00D7000708540201005302AABB",
    "00D0850004AABBCCDD",
    "00D2011C03000080",
    "000E8500",
    "000E850002 0010",
    "000F0005",
  ],
  ...["00DC011C032E0158", "10DC011C02 2E01", "00DC011C0158", "00E2001803310159", "00DC003304AABBCCDD"],
  ...["00A201240230 3000", "00A2012604040030 3000", "00A20104013000"],
  ...[
    "00CA5F2000",
    "00CA00C100",
    "00CB3FFF025C0000",
    "00DADF0202AABB",
    "00DB3FFF09 5F200141 DF0202CCDD",
    "10DADF0202AABB",
  ],
]

describe("whatever bytes come", () => {
  it(`the card answers a status word and keeps its state unless it succeeded (${RUNS * COMMANDS} commands)`, () => {
    const { answered, succeeded, refusedWrites } = sendAnything(LAYOUTS, TEMPLATES, RUNS, COMMANDS)
    expect(answered).toBeGreaterThanOrEqual(100_000)
    expect(succeeded).toBeGreaterThan(answered / 10)
    expect(refusedWrites).toBeGreaterThan(100)
  })

  it(`so does an ISO card with its channels and chains (${RUNS * COMMANDS} commands)`, () => {
    const { answered, succeeded, refusedWrites } = sendAnything(ISO_LAYOUTS, ISO_TEMPLATES, RUNS, COMMANDS)
    expect(answered).toBeGreaterThanOrEqual(100_000)
    expect(succeeded).toBeGreaterThan(answered / 10)
    expect(refusedWrites).toBeGreaterThan(100)
  })
})
