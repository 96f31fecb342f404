import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { toHex } from "../../src/apdu/index.js"
import {
  encodeField,
  encodeFixedRecord,
  type FieldDefinition,
  type FieldValue,
  type FixedFile,
  fieldsOf,
  socialSecurityTables,
} from "../../src/dictionary/index.js"
import { parseCardInfo } from "../../src/driver/card-info.js"
import { parseFileAddress } from "../../src/driver/file-address.js"
import { createSSCard } from "../../src/driver/index.js"
import { inputRecord, inputValue } from "../../src/driver/input-values.js"
import { outputRecord, outputValue } from "../../src/driver/output-values.js"
import { parsePayInfo } from "../../src/driver/pay-info.js"
import { parseWriteData } from "../../src/driver/write-data.js"
import { formatExchange, type TraceEntry } from "../../src/terminal/index.js"
import { backOffice, PIN, stage, testCard } from "./support.js"

const VERSIONS = ["1.00", "2.00", "3.00"] as const

/** Text that a person may write into a field of a card. */
const text = fc.string({ unit: fc.constantFrom(..."测试持卡人甲乙AZaz09-. ,"), maxLength: 8 }).map((s) => s.trim())

function valueFor(field: FieldDefinition): fc.Arbitrary<FieldValue | undefined> {
  if (field.items)
    return fc.record(
      Object.fromEntries(field.items.map((item) => [item.id, valueFor(item)])),
    ) as fc.Arbitrary<FieldValue>
  switch (field.type) {
    case "AN":
      return text.filter((value) => new TextEncoder().encode(value).length <= field.length)
    case "CN":
      return fc.string({ unit: fc.constantFrom(..."123456789"), maxLength: 2 * field.length })
    case "DEC":
    case "HEX4":
      return fc.nat(256 ** Math.min(field.length, 4) / 2 - 1)
    default:
      if (field.format === "count") return fc.nat(0xffff)
      return fc.uint8Array({ minLength: field.length, maxLength: field.length }).map((bytes) => toHex(bytes))
  }
}

const files = VERSIONS.flatMap((version) =>
  socialSecurityTables(version).flatMap((directory) =>
    directory.files.map((file) => [`${version} ${directory.name} ${file.id}`, file] as const),
  ),
)

describe("what the driver gives can be written back (driver-api §3.3, §3.4)", () => {
  it.each(files.filter(([, { structure }]) => structure === "variable"))("every field of %s", (_, file) => {
    for (const field of fieldsOf(file))
      fc.assert(
        fc.property(valueFor(field), (value) => {
          const bytes = encodeField(field, value)
          const given = outputValue(field, bytes)
          expect(given).not.toMatch(/[|$]/)
          const written = inputValue(field, given)
          expect(written.ok && outputValue(field, written.bytes)).toBe(given)
        }),
        { numRuns: 15 },
      )
  })

  it.each(files.filter(([, { structure }]) => structure === "cyclic"))("every record of %s", (_, file) => {
    const { fields } = file as FixedFile
    fc.assert(
      fc.property(fc.record(Object.fromEntries(fields.map((field) => [field.id, valueFor(field)]))), (values) => {
        const given = outputRecord(file as FixedFile, encodeFixedRecord(file as FixedFile, values))
        const written = inputRecord(file as FixedFile, given)
        expect(given === "" || (written.ok && outputRecord(file as FixedFile, written.bytes))).toBe(
          given === "" ? true : given,
        )
      }),
      { numRuns: 25 },
    )
  })
})

describe("whatever a caller passes", () => {
  const junk = fc.string({ unit: fc.constantFrom(..."SEFDM3012:|$^,甲 \n0A"), maxLength: 40 })
  const address = parseFileAddress("SSSEEF06|09|0A|$DF02EF07:00$")

  it("is an answer, never an exception", () => {
    fc.assert(
      fc.property(junk, (given) => {
        for (const parsed of [
          parseFileAddress(given),
          parseCardInfo(given),
          parsePayInfo(given),
          parseWriteData(given, address.ok ? address.files : []),
        ])
          if (!parsed.ok) expect([-14, -20, -23]).toContain(parsed.code)
      }),
      { numRuns: 500 },
    )
  })

  it("leaves the card as it is when it is wrong", async () => {
    const { driver, card } = stage()
    const before = card.memory.pages.snapshot()
    await fc.assert(
      fc.asyncProperty(junk, junk, async (fileAddr, writeData) => {
        const { code } = await driver.iWriteCard(1, "||", fileAddr, writeData)
        expect(code).toBeLessThan(0)
      }),
      { numRuns: 30 },
    )
    expect(card.memory.pages.snapshot()).toEqual(before)
  })
})

describe("PINs", () => {
  it("stand nowhere but in Step 2 of iReloadPIN_HSM, as the interface wants it", async () => {
    const entries: TraceEntry[] = []
    const [next, last] = ["864209", "753951"]
    const { driver } = stage(testCard(), [PIN, PIN, next, next, last, last, last], {
      trace: (entry) => entries.push(entry),
    })
    const results = [await driver.iVerifyPIN(1), await driver.iChangePIN(1)]
    const office = backOffice()
    const first = await driver.iReloadPIN_HSM_Step1(1, "||")
    const second = await driver.iReloadPIN_HSM_Step2(await office.authenticate(first.out))
    expect(second.out).toContain(last)
    results.push(await driver.iReloadPIN_HSM_Step3(await office.pinCommand(second.out)))
    results.push(await createSSCard({ driver }).VerifyPIN(), await driver.iVerifyPIN(1))
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, -12, 0])
    expect(entries.length).toBeGreaterThan(15)
    const seen = [...results.map(({ out }) => out), ...entries.map((entry) => formatExchange(entry, "en").join("\n"))]
    for (const pin of [PIN, next, last]) expect(seen.filter((line) => line.includes(pin))).toEqual([])
  })
})
