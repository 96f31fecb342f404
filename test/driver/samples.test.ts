import { describe, expect, it } from "vitest"
import { toHex } from "../../src/apdu/index.js"
import { encodeRecord, findField, socialSecurityTables } from "../../src/dictionary/index.js"
import { createDriver } from "../../src/driver/index.js"
import { replayReader } from "../../src/terminal/index.js"

const tables = socialSecurityTables("2.00")

/** A card as it was recorded: SSSE, EF05 and EF06 by number and by tag. */
function recording(atr: string, fields: Readonly<Record<string, string>>): string {
  const record = (id: string) => {
    const { field, file } = findField(tables, id, "SSSE")!
    const number = "records" in file ? file.records.find((one) => one.field === field)!.number : 0
    const answer = `${toHex(encodeRecord(field, fields[id] ?? ""))}9000`
    const hex = (byte: number) => byte.toString(16).padStart(2, "0").toUpperCase()
    return { byNumber: `00B2${hex(number)}0400\n${answer}`, byTag: `00B2${hex(field.tag!)}0000\n${answer}` }
  }
  return [
    `# ATR: ${atr}`,
    "# PROTOCOL: T=1",
    "00A404000F7378312E73682EC9E7BBE1B1A3D5CF00\n9000",
    "00A4020002EF0500\n9000",
    ...["cardId", "cardClass", "specVersion"].map((id) => record(id).byNumber),
    "00A4020002EF0500\n9000",
    ...["cardNumber", "specVersion", "issueDate", "expiryDate"].map((id) => record(id).byTag),
    "00A4020002EF0600\n9000",
    ...["socialSecurityNumber", "name", "nameExtension"].map((id) => record(id).byTag),
    "",
  ].join("\n")
}

/** The lines of driver-api §5.1 letter by letter, with what their cards hold. */
const SAMPLES = [
  {
    line: "639900|111111198101011110|X00000019|639900D15600000500BF7C7A48FB4966|张三|00814E43238697159900BF7C7A|1.00|20101001|20201001|410100813475|MT170701000006|",
    terminalNumber: "410100813475",
    deviceNumber: "MT170701000006",
  },
  {
    line: "320800|320800205001010014|SB0000012|320800D156000005160000018F385B8F|测试持卡人|00815431008660110816000001|2.00|20240101|20340101|000000000000|SHEBAO000001|",
  },
]

describe("the documented output of iReadCardBas (driver-api §5.1)", () => {
  it.each(SAMPLES)("$line", async ({ line, ...device }) => {
    const [, socialSecurityNumber, cardNumber, cardId, name, atr, specVersion, issueDate, expiryDate] = line.split("|")
    const fields = {
      socialSecurityNumber,
      cardNumber,
      cardId,
      name,
      specVersion,
      issueDate,
      expiryDate,
      cardClass: "1",
    }
    const readers = replayReader(recording(`3B6D0000${atr}`, fields as Record<string, string>))
    expect(await createDriver({ contact: { readers }, ...device }).iReadCardBas(3)).toEqual({ code: 0, out: line })
  })
})
