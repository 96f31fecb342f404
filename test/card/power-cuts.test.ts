import { describe, expect, it } from "vitest"
import { concat, hex, SW, toHex } from "../../src/apdu/index.js"
import { type Card, type Context, cardFromLayout, compileLayout, differences } from "../../src/card/index.js"
import { exchange, exchangeAll } from "../support/exchange.js"
import { isoCard, PIN } from "../support/iso-card.js"
import { sweepPowerCuts } from "../support/power-cuts.js"
import { authenticate, authenticationCommand } from "../support/terminal.js"
import { SSSE_AID, testCardSpec } from "../support/test-card.js"

const SSSE = `00A404000F${toHex(SSSE_AID)}`
const layout = compileLayout(testCardSpec())

function newCard(): Card {
  const card = cardFromLayout(layout, { seed: "sweep" })
  card.powerOn()
  return card
}

const prepare =
  (commands: string[], ...keys: string[]) =>
  (card: Card) => {
    exchangeAll(card, commands)
    for (const key of keys) authenticate(card, key)
  }

const DF01_EF09 = [SSSE, "00A4000002DF01", "00A4000002EF09"]
const DF04_EF15 = [SSSE, "00A4000002DF04", "00A4000002EF15"]

const record = (tag: number, length: number) => toHex(concat(tag, length, new Uint8Array(length).fill(0x5c)))

describe("power cut at every physical write, the card comes back old or new", () => {
  it.each<[string, (card: Card) => void, string, number]>([
    ["VERIFY, right", prepare([SSSE]), "0020000003123456", 2],
    ["VERIFY, wrong", prepare([SSSE]), "0020000003999999", 1],
    ["CHANGE PIN", prepare([SSSE, "0020000003999999"]), "805E010007123456FF654321", 5],
    ["CHANGE PIN, wrong", prepare([SSSE]), "805E010007999999FF654321", 1],
    ["CHANGE PIN to another length", prepare([SSSE]), "805E010006123456FF6543", 5],
    ["UPDATE RECORD", prepare([SSSE, "00A4000002EF06"], "UKssse"), `00DC020420${record(0x09, 30)}`, 4],
    ["UPDATE RECORD, shorter", prepare([SSSE, "00A4000002EF06"], "UKssse"), "00DC02040409024142", 4],
    ["UPDATE RECORD, fixed", prepare([SSSE, "00A4000002DF04", "00A4000002EF11"]), "00DC010405A1A2A3A4A5", 4],
    ["UPDATE RECORD, the first of a cyclic file", prepare(DF04_EF15), "00DC000303AABBCC", 6],
    [
      "UPDATE RECORD of a full cyclic file",
      prepare([...DF04_EF15, ...Array(4).fill("00DC000303112233")]),
      "00DC000303AABBCC",
      6,
    ],
    ["APPEND RECORD", prepare(DF01_EF09), "00E2000003310159", 4],
    ["APPEND RECORD, cyclic", prepare(DF04_EF15), "00E2000003AABBCC", 6],
    ["UPDATE BINARY, one byte", prepare([SSSE, "00A4000002EF08"], "UKssse"), "00D6000101AA", 1],
    ["UPDATE BINARY, two bytes", prepare([SSSE, "00A4000002EF08"], "UKssse"), "00D6000102AAAA", 3],
    ["UPDATE BINARY, 70 bytes", prepare([SSSE, "00A4000002EF08"], "UKssse"), `00D6000170${"3D".repeat(0x70)}`, 6],
    ["UPDATE BINARY, 255 bytes", prepare([SSSE, "00A4000002EF08"], "UKssse"), `00D60005FF${"3D".repeat(255)}`, 10],
    [
      "UPDATE BINARY, the whole file",
      prepare([SSSE, "00A4000002EF08"], "UKssse"),
      `00D600000003E8${"3D".repeat(1000)}`,
      30,
    ],
  ])("%s", (_, prepared, command, atLeast) => {
    const [done, untouched] = [newCard(), newCard()]
    prepared(done)
    prepared(untouched)
    done.process(hex(command))
    const changes = differences(layout, untouched.memory.pages.snapshot(), done.memory.pages.snapshot())
    if (!command.startsWith("0020000003123456")) expect(changes.length).toBeGreaterThan(0)
    expect(sweepPowerCuts(newCard, prepared, hex(command))).toBeGreaterThanOrEqual(2 * atLeast)
  })

  it.each([
    ["right", 0x00, 4],
    ["wrong", 0x01, 2],
  ])("EXTERNAL AUTHENTICATE, %s", (_, error, cuts) => {
    const command = (card: Card) => {
      const bytes = authenticationCommand(card, "UKssse")
      bytes[5]! ^= error
      return bytes
    }
    expect(sweepPowerCuts(newCard, prepare([SSSE]), command)).toBe(cuts)
  })
})

describe("power cut in the commands of an ISO card, the card comes back old or new", () => {
  const newIsoCard = () => isoCard()
  const chain = (part: string, last: string) => (card: Card) => {
    exchangeAll(card, [PIN, `${part} < 9000`])
    return hex(last)
  }

  it.each<[string, (card: Card) => void, string, number]>([
    ["ERASE BINARY", prepare(["00A4080C022F05", "00D6000004AABBCCDD"]), "000E0000", 3],
    [
      "ERASE BINARY with data objects",
      prepare([PIN, "00A4020C020007", `00D700074754029C005340${"11".repeat(64)}`]),
      "000F00070854029C0054029C40",
      3,
    ],
    ["WRITE BINARY", prepare(["00A4080C022F05"]), "00D0000004AABBCCDD", 3],
    ["WRITE RECORD", prepare(["00A4020C020003"]), "00D2010403000080", 3],
    [
      "UPDATE BINARY with data objects",
      prepare([PIN]),
      `00D700078254029B00537C${"AA".repeat(124)}`.replace(/\s/g, ""),
      5,
    ],
    ["PUT DATA", prepare([]), "00DADF0204AABBCCDD", 3],
    ["PUT DATA, one byte shorter", prepare([]), "00DADF0201CC", 3],
    ["PUT DATA of several objects", prepare([PIN]), "00DB3FFF0E5F200141DF0202CCDDC103010203", 9],
    ["VERIFY on another channel", prepare(["00700002", "02A4040C06F00000000001"]), "0220000003123456", 2],
    ["UPDATE RECORD on another channel", prepare(["00700013", "4FA4040C06F00000000001"]), "4FDC011C032E0158", 3],
  ])("%s", (_, prepared, command, atLeast) => {
    expect(sweepPowerCuts(newIsoCard, prepared, hex(command))).toBeGreaterThanOrEqual(2 * atLeast)
  })

  it("a chain of commands", () => {
    const part = `10D60000FF${"AA".repeat(255)}`
    const prepared = (card: Card) => exchangeAll(card, ["00A4020C020007"])
    expect(sweepPowerCuts(newIsoCard, prepared, chain(part, `00D6000040${"BB".repeat(64)}`))).toBeGreaterThanOrEqual(10)
  })
})

describe("the sweep itself", () => {
  it("finds a command that is not atomic", () => {
    const spec = testCardSpec()
    const bank = spec.root.directories!.find(({ name }) => name === "BANK")!
    const application = {
      ...bank.application!,
      commands: {
        "80F1": ({ memory, directory }: Context) => {
          memory.writeByte(directory.elements.balance!.offset, 1)
          memory.writeByte(directory.elements.balance!.offset + 1, 1)
          return SW.OK
        },
      },
    }
    const broken = compileLayout({ ...spec, root: { ...spec.root, directories: [{ ...bank, application }] } })
    const make = () => {
      const card = cardFromLayout(broken)
      card.powerOn()
      return card
    }
    expect(() => sweepPowerCuts(make, (card) => exchange(card, "00A4040008A000000333010101"), hex("80F10000"))).toThrow(
      "cut after 1 writes: neither the old nor the new state: BANK.balance",
    )
  })
})
