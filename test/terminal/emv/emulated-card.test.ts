import { describe, expect, it } from "vitest"
import { concat, encodeTlv, hex, type Transport, toHex } from "../../../src/apdu/index.js"
import type { Card } from "../../../src/card/index.js"
import { arpcMethod1 } from "../../../src/crypto/index.js"
import {
  type EmvOptions,
  type EmvResult,
  posConfiguration,
  runEmvTransaction,
  testAuthorityKeys,
} from "../../../src/terminal/emv/index.js"
import { activeCard, issuerKeys, scriptCommand, send } from "../../support/financial-card.js"

const configuration = posConfiguration({
  capabilities: hex("60F8C8"),
  authorityKeys: testAuthorityKeys(),
  floorLimitFen: 1_000_000,
  velocityChecking: false,
})

const transport = (card: Card, commands: string[]): Transport => ({
  async transmit(command) {
    commands.push(toHex(command.subarray(0, 4)))
    return hex(send(card, toHex(command)))
  },
  async close() {},
})

const approve: EmvOptions["online"] = async ({ data }) => {
  const arpc = arpcMethod1("3des", issuerKeys(toHex(data.get(0x9f36)!)).ac, data.get(0x9f26)!, hex("3030"))
  return {
    code: hex("3030"),
    issuerAuthenticationData: hex(`${toHex(arpc)}3030`),
    scriptsBefore: [],
    scriptsAfter: [],
  }
}

async function pay(card: Card, more: Partial<EmvOptions> = {}): Promise<EmvResult & { commands: string[] }> {
  const commands: string[] = []
  const result = await runEmvTransaction({
    card: transport(card, commands),
    configuration,
    input: {
      type: 0,
      amountFen: 100,
      date: "251120",
      time: "103000",
      unpredictableNumber: hex("11223344"),
      sequenceNumber: 1,
    },
    holder: { offlinePin: async () => ({ outcome: "entered", block: hex("26123456FFFFFFFF") }) },
    online: approve,
    ...more,
  })
  return { ...result, commands }
}

const OFFLINE = {
  data: { "9F36": "0006", "9F13": "0006", "9F58": "05", "9F54": "000000100000" },
  cardholderVerification: "00000000000000001F00",
}
/** Enciphered off-line PIN, and nothing else. */
const ENCIPHERED = "00000000000000000400"
const firstByte = (result: EmvResult) => toHex(result.tvr.subarray(0, 1))
const authenticated = (result: EmvResult) => (result.tsi[0]! & 0x80) !== 0
const lastCvrByte = (result: EmvResult) => Number.parseInt(toHex(result.data!.get(0x9f10)!).slice(12, 14), 16)

describe.each(["rsa", "sm2"] as const)("our kernel authenticates our card, %s keys", (algorithm) => {
  it.each([
    ["sda", "9F45", "DAC1", 0],
    ["dda", "9F4C", undefined, 2],
    ["cda", "9F4C", undefined, 2],
  ] as const)("by %s", async (method, tag, value, seenByCard) => {
    const card = activeCard({ authentication: { method, algorithm } })
    const result = await pay(card)
    expect(firstByte(result)).toBe("00")
    expect(authenticated(result)).toBe(true)
    expect(result.outcome).toBe("approved")
    const found = result.data!.get(Number.parseInt(tag, 16))!
    expect(found).toHaveLength(value ? 2 : 8)
    if (value) expect(toHex(found)).toBe(value)
    expect(lastCvrByte(result) & 2).toBe(seenByCard)
  })

  it("approves off-line with a signed TC", async () => {
    const card = activeCard({ ...OFFLINE, authentication: { method: "cda", algorithm } })
    const result = await pay(card)
    expect(result).toMatchObject({ outcome: "approved", first: { type: "TC", signatureFailed: false } })
    expect(toHex(result.tvr)).toBe("0000000000")
    expect(result.commands.at(-1)).toBe("80AE5000")
  })

  it("finds a signed record that was changed", async () => {
    const card = activeCard({ authentication: { method: "dda", algorithm } })
    const tampered: Transport = {
      async transmit(command) {
        const answer = hex(send(card, toHex(command)))
        if (toHex(command.subarray(0, 4)) === "00B20114") answer[20]! ^= 1
        return answer
      },
      async close() {},
    }
    const result = await pay(card, { card: tampered })
    expect(firstByte(result)).not.toBe("00")
  })
})

it("our kernel pays with the card's electronic cash, where nothing else is approved off-line", async () => {
  const card = activeCard({ cardholderVerification: "00000000000000001F00", authentication: { method: "dda" } })
  const result = await pay(card)
  expect(result).toMatchObject({ outcome: "approved", first: { type: "TC" } })
  expect(toHex(result.data!.get(0x9f74)!)).toBe("454343303031")
  expect(send(card, "80CA9F7900")).toBe("9F79060000000099009000")
})

describe("an enciphered off-line PIN (financial-emv §18, EMV Book 2 §7)", () => {
  const card = (more: object = {}) =>
    activeCard({
      ...OFFLINE,
      cardholderVerification: ENCIPHERED,
      authentication: { method: "dda", encipheredPin: true },
      ...more,
    })

  it("is verified", async () => {
    const result = await pay(card())
    expect(result.outcome).toBe("approved")
    expect(toHex(result.tvr)).toBe("0000000000")
    expect(result.commands).toContain("00200088")
  })

  it("counts when it is wrong", async () => {
    const wrong = card()
    let [asked, blocks] = [0, ["26999999FFFFFFFF", "26123456FFFFFFFF"]]
    const offlinePin = async () => ({ outcome: "entered", block: hex(blocks[asked++]!) }) as const
    const result = await pay(wrong, { holder: { offlinePin } })
    expect(result.outcome).toBe("approved")
    expect(asked).toBe(2)
    expect(send(wrong, "80CA9F1700")).toBe("9F1701039000")
  })

  it("needs a fresh challenge each time, and is not there unless the profile says so", () => {
    const data = `90${"01".repeat(144)}`
    const fresh = card()
    send(fresh, "00A4040008A000000333010101")
    expect(send(fresh, `00200088${data}`)).toBe("6984")
    expect(send(fresh, "80CA9F1700")).toBe("9F1701039000")
    send(fresh, "0084000008")
    expect(send(fresh, `00200088${data}`)).toBe("63C2")
    expect(send(fresh, `00200088${data}`)).toBe("6984")
    send(fresh, "0084000008")
    expect(send(fresh, `0020008890${"FF".repeat(144)}`)).toBe("63C1")
    expect(send(fresh, "002000880826123456FFFFFFFF")).toBe("6700")
    const plain = card({ authentication: { method: "dda" } })
    send(plain, "00A4040008A000000333010101")
    expect(send(plain, `00200088${data}`)).toBe("6A86")
  })
})

describe("issuer scripts from the bank to our card (financial-emv §22)", () => {
  /** A template with one command for the card. */
  const template = (counter: string, arqc: Uint8Array, header: string, data = "") => {
    const command = hex(scriptCommand(counter, arqc, header, hex(data)))
    return concat(encodeTlv(0x9f18, hex("00000001")), encodeTlv(0x86, command))
  }

  const payWithScripts = (card: Card, scripts: { before?: [string, string?]; after?: [string, string?] }) =>
    pay(card, {
      online: async (request) => {
        const [counter, arqc] = [toHex(request.data.get(0x9f36)!), request.data.get(0x9f26)!]
        const templates = (script?: [string, string?]) => (script ? [template(counter, arqc, ...script)] : [])
        const answer = (await approve(request))!
        return { ...answer, scriptsBefore: templates(scripts.before), scriptsAfter: templates(scripts.after) }
      },
    })

  it.each([
    ["71", "before"],
    ["72", "after"],
  ] as const)("a load in template %s", async (_, place) => {
    const card = activeCard()
    const result = await payWithScripts(card, { [place]: ["04DA9F79", "000000060000"] })
    expect(result.outcome).toBe("approved")
    expect(toHex(result.scriptResults!)).toBe("2000000001")
    expect(send(card, "80CA9F7900")).toBe("9F79060000000600009000")
    expect(send(card, "00B2016400")).toMatch(/^9F79000000010000000000060000.*00079000$/)
  })

  it("both templates use the first cryptogram", async () => {
    const card = activeCard()
    const result = await payWithScripts(card, { before: ["04DA9F58", "0A"], after: ["84240000"] })
    expect(toHex(result.scriptResults!)).toBe("20000000012000000001")
  })

  it("one that the card refuses is told to the bank", async () => {
    const card = activeCard()
    const result = await payWithScripts(card, { after: ["04DA9F79", "000000100001"] })
    expect(toHex(result.scriptResults!)).toBe("1100000001")
    expect((result.tvr[4]! & 0x10) !== 0).toBe(true)
  })

  it("blocks card or application for the next transaction", async () => {
    for (const header of ["84160000", "841E0000"]) {
      const card = activeCard()
      expect((await payWithScripts(card, { after: [header] })).outcome).toBe("approved")
      expect((await pay(card)).outcome).not.toBe("approved")
    }
  })
})
