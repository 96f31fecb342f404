import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../src/apdu/index.js"
import { testTerminalKeys } from "../../../src/crypto/index.js"
import { decodeBalances, decodeMessage, encodeFrame, type HostLink } from "../../../src/dictionary/index.js"
import { askHost } from "../../../src/terminal/bank/host-answer.js"
import { keyModule } from "../../../src/terminal/bank/index.js"

// host-iso8583 §20.
const REQUEST = hex(
  "0200723C46C120C09A11196217000000000000046001000000000005000011201030050001231030001120351260110510000102060800010000376217000000000000046D35122200000000000041544D303030303153484542414F303030303030303031313536D85A13A0B491E484260000000000000001459F2608E64152248DEBA48B9F2701809F101307010103A00002010A0100000100003769DA839F3704112233449F36020007950500000480009A032511209C01019F02060000000500005F2A02015682027C009F1A0201569F03060000000000009F33036040C09F34034203009F3501149F1E0853484542414F30318408A0000003330101019F090200309F4104000001230013010000010005004141413039333733",
)
const ANSWER = hex(
  "0210723A00810EC086111962170000000000000460010000000000050000112010300500012310300111201120020800010000353332343130303030313233413030313233303041544D303030303153484542414F3030303030303030313135360040313030313135364330303030303039353030303031303032313536433030303030303935303030300012910A4C70186B21450E76303000110100000100003735433137373737",
)
const SIGN_ON_ANSWER = hex(
  "0810003800010AC0001400000108000011200800010000353332343038303030303031303041544D303030303153484542414F30303030303030303100110000000100300040CB4AB541CD5AD4FC256A882726936A5A08D7B4FB256A882726936A5ACB4AB541CD5AD4FC7B83586D",
)

const answering = (message: Uint8Array): HostLink => ({
  exchange: async () => encodeFrame(message, { destination: "0000", source: "0003", header: "613200320000" }),
  close: async () => {},
})

function terminalKeys() {
  const keys = keyModule({ tmk: testTerminalKeys().tmk })
  keys.load(decodeMessage(SIGN_ON_ANSWER).fields[62]!)
  return keys
}

const ask = (answer: Uint8Array) =>
  askHost(answering(answer), encodeFrame(REQUEST), decodeMessage(REQUEST), terminalKeys())

describe("the answers of host-iso8583 §20", () => {
  it("0810 brings keys that pass their check", () => {
    expect(terminalKeys().ready).toBe(true)
  })

  it("0210 is believed, with ARPC and balances", async () => {
    const answer = await ask(ANSWER)
    expect(answer).toMatchObject({ outcome: "answered", code: "00", fields: { 37: "532410000123", 38: "A00123" } })
    if (answer.outcome !== "answered") throw new Error("expected an answer")
    expect(toHex(answer.fields[55]!)).toBe("910A4C70186B21450E763030")
    expect(decodeBalances(answer.fields[54]!).map(({ amountFen }) => amountFen)).toEqual([950_000, 950_000])
  })

  it("0210 with any byte changed is not", async () => {
    for (let at = 0; at < ANSWER.length; at++) {
      const changed = ANSWER.slice()
      changed[at]! ^= 1
      expect((await ask(changed)).outcome).toBe("none")
    }
  })

  it("0210 cut short anywhere is not", async () => {
    for (let length = 0; length < ANSWER.length; length++) {
      expect((await ask(ANSWER.slice(0, length))).outcome).toBe("none")
    }
  })

  it("a frame of anything is none", async () => {
    const link: HostLink = { exchange: async () => hex("00"), close: async () => {} }
    const answer = await askHost(link, encodeFrame(REQUEST), decodeMessage(REQUEST), terminalKeys())
    expect(answer).toEqual({ outcome: "none", reason: "98", claimed: undefined })
  })

  it("a bug in the link is an error, not silence", async () => {
    const link: HostLink = {
      exchange: async () => {
        throw new TypeError("bug")
      },
      close: async () => {},
    }
    await expect(askHost(link, encodeFrame(REQUEST), decodeMessage(REQUEST), undefined)).rejects.toThrow("bug")
  })
})
