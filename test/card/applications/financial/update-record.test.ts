import { describe, expect, it } from "vitest"
import { hex } from "../../../../src/apdu/index.js"
import {
  challenge,
  financialCard,
  onlineCard,
  scriptCommand,
  select,
  send,
  status,
} from "../../../support/financial-card.js"

const HOLDER = "70165F200B43455348492F455248414F9F62010057020001"

function online() {
  const { card, arqc } = onlineCard()
  const update = (p1p2: string, content: string, cla = "04") =>
    status(card, scriptCommand(arqc.counter, arqc.cryptogram, `${cla}DC${p1p2}`, hex(content)))
  return { card, update }
}

describe("UPDATE RECORD (financial-emv §22)", () => {
  it.each(["04", "84"])("replaces a record, class %s", (cla) => {
    const { card, update } = online()
    expect(update("010C", HOLDER, cla)).toBe("9000")
    expect(send(card, "00B2010C00")).toBe(`${HOLDER}9000`)
    card.reset()
    select(card)
    expect(send(card, "00B2010C00")).toBe(`${HOLDER}9000`)
  })

  it("changes the expiry date in the record that is signed", () => {
    const { card, update } = online()
    const changed = send(card, "00B2011400").slice(0, -4).replace("5F2403351231", "5F2403361231")
    expect(update("0114", changed)).toBe("9000")
    expect(send(card, "00B2011400")).toBe(`${changed}9000`)
  })

  it.each([
    ["a record that the file does not have", "0314", HOLDER, "6A83"],
    ["a file that does not exist", "013C", HOLDER, "6A82"],
    ["the transaction log", "015C", HOLDER, "6981"],
    ["the load log", "0164", HOLDER, "6981"],
    ["record 0", "0014", HOLDER, "6A86"],
    ["an addressing other than by number", "0110", HOLDER, "6A86"],
    ["what is no template 70", "010C", "7103570200", "6A80"],
    ["half a template", "010C", HOLDER.slice(0, -2), "6A80"],
    ["something behind the template", "010C", `${HOLDER}00`, "6A80"],
    ["nothing", "010C", "", "6A80"],
    ["more than the record has room for", "010C", `7081A057819D${"01".repeat(157)}`, "6A84"],
  ])("refuses %s", (_, p1p2, content, expected) => {
    const { card, update } = online()
    const before = send(card, "00B2010C00")
    expect(update(p1p2, content)).toBe(expected)
    expect(send(card, "00B2010C00")).toBe(before)
  })

  it("does not work with a wrong MAC, or plain", () => {
    const { card } = online()
    expect(status(card, `04DC010C${(HOLDER.length / 2 + 4).toString(16)}${HOLDER}00000000`)).toBe("6988")
    expect(status(card, `00DC010C${(HOLDER.length / 2).toString(16)}${HOLDER}`)).toBe("6D00")
  })

  it("is no command of an application that is blocked or not yet active", () => {
    const card = financialCard()
    select(card)
    expect(status(card, scriptCommand("0000", challenge(card), "04DC010C", hex(HOLDER)))).toBe("6985")
  })
})
