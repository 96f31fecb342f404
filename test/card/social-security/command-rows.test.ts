import { describe, expect, it } from "vitest"
import { concat, hex, toHex, uint32 } from "../../../src/apdu/index.js"
import { type Card, createCard } from "../../../src/card/index.js"
import {
  debitMac1,
  debitSessionKey,
  encipherKeyBlock,
  secureCommandApdu,
  transferMac2,
  transferSessionKey,
} from "../../../src/crypto/index.js"
import { deriveTestCardKey } from "../../../src/dictionary/index.js"
import { send } from "../../support/financial-card.js"
import { initializeDebit, initializeTransfer, MOMENT, TERMINAL } from "../../support/medical-card.js"
import { GENERATE, openForWriting, SELECT_CERT, SELECT_PKI, userProof } from "../../support/pki-card.js"
import { authenticationCommand } from "../../support/terminal.js"

/** What a row of the command list needs to be tried: a card that was just selected, PIN 123456. */
interface Try {
  readonly card: Card
  readonly algorithm: "3des" | "sm4"
  /** Sends a command, fetching what waits; in hex. */
  run(command: string | Uint8Array): string
  challenge(): Uint8Array
  cardKey(name: string): Uint8Array
}

const SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
const VERIFY = "0020000003123456"

/** SELECT SSSE, then authenticate with a key: what opens a file or a PIN command. */
function open(test: Try, ...keyNames: string[]): void {
  for (const name of keyNames) expect(test.run(authenticationCommand(test.card, name))).toBe("9000")
}

/** A command of class 04 or 84 under a key, with the last challenge. */
const secure = (test: Try, keyName: string, header: string, data = "", encipher = false) =>
  secureCommandApdu(test.algorithm, test.cardKey(keyName), test.challenge(), hex(header), hex(data), encipher)

/** Every row of the command list (card-commands §1), done once with success. */
const ROWS: Record<string, (test: Try) => void> = {
  SELECT: ({ run }) => {
    expect(run(SSSE)).toMatch(/^6F.*9000$/)
    expect(run("00A4000002EF05")).toBe("9000")
  },
  "READ RECORD": ({ run }) => {
    run("00A4000002EF05")
    expect(run("00B2010400")).toMatch(/^0110320800D156000005.{16}9000$/)
  },
  "UPDATE RECORD": (test) => {
    open(test, "UKssse")
    test.run("00A4000002EF06")
    expect(test.run("00DC0404030A0131")).toBe("9000")
  },
  "READ BINARY": (test) => {
    open(test, "RKssse")
    test.run("00A4000002EF08")
    expect(test.run("00B0000010")).toMatch(/^.{32}9000$/)
  },
  "UPDATE BINARY": (test) => {
    open(test, "UKssse")
    test.run("00A4000002EF08")
    expect(test.run("00D60000021234")).toBe("9000")
  },
  VERIFY: ({ run }) => expect(run(VERIFY)).toBe("9000"),
  "CHANGE PIN": ({ run }) => {
    expect(run("805E010007123456FF654321")).toBe("9000")
    expect(run("0020000003654321")).toBe("9000")
  },
  "PIN RELOAD": (test) => {
    open(test, "PUK")
    expect(test.run(secure(test, "STKssse", "84240001", "03135791", true))).toBe("9000")
    expect(test.run("0020000003135791")).toBe("9000")
  },
  "PIN UNBLOCK": (test) => {
    for (let tries = 0; tries < 6; tries++) test.run("0020000003999999")
    expect(test.run(VERIFY)).toBe("6983")
    open(test, "PUK")
    expect(test.run(secure(test, "STKssse", "84240000"))).toBe("9000")
    expect(test.run(VERIFY)).toBe("9000")
  },
  "GET CHALLENGE": ({ run }) => expect(run("0084000008")).toMatch(/^.{16}9000$/),
  "INTERNAL AUTHENTICATE": ({ run, algorithm }) => {
    const answer = run("008800001011223344556677880102030405060708")
    expect(answer).toMatch(algorithm === "3des" ? /^.{16}9000$/ : /^.{32}9000$/)
  },
  "EXTERNAL AUTHENTICATE": (test) => open(test, "RKssse"),
  "UPDATE with MAC": (test) => {
    test.run("00A4000002EF06")
    expect(test.run(secure(test, "STKssse", "04DC0404", "0A0131"))).toBe("9000")
  },
  "APPLICATION BLOCK": (test) => {
    expect(test.run(secure(test, "STKssse", "841E0000"))).toBe("9000")
    expect(test.run(SSSE)).toBe("6A81")
  },
  "APPLICATION UNBLOCK": (test) => {
    test.run(secure(test, "STKssse", "841E0000"))
    expect(test.run(secure(test, "STKssse", "84180000"))).toBe("9000")
    expect(test.run(SSSE)).toMatch(/9000$/)
  },
  "CARD BLOCK": (test) => {
    expect(test.run(secure(test, "STKssse", "84160000"))).toBe("9000")
    expect(test.run(SSSE)).toBe("6A81")
  },
  "GET RESPONSE": ({ card }) => {
    const answer = card.process(hex(SSSE))
    expect(answer[0]).toBe(0x61)
    expect(toHex(card.process(concat(hex("00C00000"), answer[1]!)))).toMatch(/^6F.*9000$/)
  },
  "GET BALANCE (medical)": ({ run }) => {
    run("00A4000002DF04")
    run(VERIFY)
    expect(run("B026000104")).toMatch(/^.{8}9000$/)
  },
  "LOAD and UNLOAD (medical)": (test) => {
    test.run("00A4000002DF04")
    test.run(VERIFY)
    for (const [kind, name, type, settle] of [
      ["load", "DLK", 0x31, "B02A00000B"],
      ["unload", "DULK", 0x33, "B03000000B"],
    ] as const) {
      const begun = hex(test.run(initializeTransfer(kind, 5000)))
      const sessionKey = transferSessionKey(test, test.cardKey(name), begun.slice(8, 12), begun.slice(4, 6))
      const transfer = { amount: uint32(5000), type, terminal: TERMINAL, dateTime: MOMENT }
      expect(test.run(concat(hex(settle), MOMENT, transferMac2(test, sessionKey, transfer)))).toMatch(/^.{8}9000$/)
    }
  },
  "DEBIT and PROVE (medical)": (test) => {
    test.run("00A4000002DF04")
    test.run(VERIFY)
    const begun = hex(test.run(initializeDebit(0, 100)))
    const [number, random, sequence] = [begun.slice(4, 6), begun.slice(11, 15), uint32(1)]
    const sessionKey = debitSessionKey(test, test.cardKey("DPK"), random, number, sequence)
    const payment = { personal: uint32(0), pooled: uint32(100), type: 0x35, terminal: TERMINAL, dateTime: MOMENT }
    const mac1 = debitMac1(test, sessionKey, payment)
    const paid = test.run(concat(hex("B02400000F"), sequence, MOMENT, mac1))
    expect(paid).toMatch(/^.{16}9000$/)
    // The same two values the other way round.
    expect(test.run(concat(hex("B02C003502"), number))).toBe(`${paid.slice(8, 16)}${paid.slice(0, 8)}9000`)
  },
  "WRITE KEY": (test) => {
    const key = "00112233445566778899AABBCCDDEEFF"
    const block = encipherKeyBlock(test.algorithm, test.cardKey("MKssse"), {
      usage: 0x47,
      keyNumber: 0x0a,
      key: hex(key),
    })
    const header = test.algorithm === "3des" ? "84D4000A" : "84D4010A"
    expect(test.run(secure(test, "MKssse", header, toHex(block)))).toBe("9000")
    const stored = test.card.layout.root.directories.find(({ name }) => name === "SSSE")!.keys
    expect(toHex(test.card.memory.read(stored.find(({ name }) => name === "RKssse")!.value))).toBe(key)
  },
}

describe.each([
  ["2.00 with 3DES", "employee", "3des"],
  ["3.00 with 3DES", "employee-v3-3des", "3des"],
  ["3.00 with SM4", "employee-v3", "sm4"],
] as const)("each row of the command list, on a card of %s", (_, profile, algorithm) => {
  it.each(Object.keys(ROWS))("%s", (row) => {
    const card = createCard({ profile, seed: row })
    card.powerOn()
    const factors = { atr: card.atr, region: "320800" }
    const test: Try = {
      card,
      algorithm,
      run: (command) => send(card, typeof command === "string" ? command : toHex(command)),
      challenge: () => hex(send(card, "0084000008").slice(0, 16)),
      cardKey: (name) => deriveTestCardKey(algorithm, name, factors),
    }
    test.run(SSSE)
    ROWS[row]!(test)
  })
})

it("the row of the PKI commands, on a card of 3.00", () => {
  const card = createCard({ profile: "employee-v3", seed: "pki" })
  card.powerOn()
  expect(send(card, SELECT_PKI)).toMatch(/9000$/)
  expect(send(card, SELECT_CERT)).toMatch(/9000$/)
  expect(send(card, userProof(card))).toBe("9000")
  openForWriting(card)
  expect(send(card, GENERATE)).toMatch(/9000$/)
})

it("what is in no row is not there (card-commands §1)", () => {
  const card = createCard({ profile: "employee", seed: 1 })
  card.powerOn()
  send(card, SSSE)
  expect(send(card, "00FF0000")).toBe("6D00")
  expect(send(card, "C0A40000")).toBe("6E00")
  expect(send(card, "B026000104")).toBe("6E00")
  expect(send(card, "01A40000023F00")).toBe("6881")
})
