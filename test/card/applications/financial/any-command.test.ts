import fc from "fast-check"
import { expect, it } from "vitest"
import { hex } from "../../../../src/apdu/index.js"
import { cardFromLayout, compileProfile, loadProfile } from "../../../../src/card/index.js"
import { CDOL_VALUES, GPO, SELECT_FINANCIAL } from "../../../support/financial-card.js"

const LAYOUTS = ["employee", "employee-active"].map((name) => compileProfile(loadProfile(name)))
const COMMANDS = 200

/** Commands of the financial and the medical application that are right in some state. */
const TEMPLATES = [
  SELECT_FINANCIAL,
  SELECT_FINANCIAL,
  SELECT_FINANCIAL,
  GPO,
  GPO,
  `80AE800034${CDOL_VALUES}00`,
  `80AE400034${CDOL_VALUES}00`,
  `80AE4000363030${CDOL_VALUES}00`,
  `80AE4000365933${CDOL_VALUES}00`,
  "008200000A00112233445566773030",
  "0084000008",
  "80CA9F3600",
  "80CA9F7905",
  "002000800826135790FFFFFFFF",
  "0020008008241234FFFFFFFFFF",
  "84180000044FA0C4BA",
  "841E000004F2DEA2D4",
  "0416000004F2DEA2D4",
  "8424000004F2DEA2D4",
  "842400021469EC92B9A5449ED037EAD3AE9CD88C0A693846F8",
  "00B2011400",
  "00B2015C00",
  "00A404000E315041592E5359532E4444463031",
  "00A404000E325041592E5359532E4444463031",
  "00A4000002DDF1",
  "00A4000002DF04",
  "0020000003123456",
  "B026000104",
  "B026000206",
  "B02800010B0100001388320800000001",
].map((text) => hex(text))

const mutated = fc
  .tuple(
    fc.constantFrom(...TEMPLATES),
    fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 3 }),
    fc.option(fc.nat(80), { nil: undefined, freq: 4 }),
  )
  .map(([template, changes, length]) => {
    const bytes = template.slice(0, length ?? template.length)
    for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
    return bytes
  })
const command = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...TEMPLATES) },
  { weight: 5, arbitrary: mutated },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
)

it("any bytes get a status word and find no bug", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...LAYOUTS),
      fc.array(command, { minLength: COMMANDS, maxLength: COMMANDS }),
      (layout, commands) => {
        const faults: unknown[] = []
        const card = cardFromLayout(layout, { seed: 1, onFault: (error) => faults.push(error) })
        card.powerOn()
        for (const bytes of commands) {
          const { length } = card.process(bytes)
          if (length < 2 || length > 258) throw new Error(`an answer of ${length} bytes`)
        }
        expect(faults).toEqual([])
      },
    ),
    { numRuns: 250 },
  )
}, 60_000)
