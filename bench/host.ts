import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { concat, hex, uint16 } from "shebao/apdu"
import {
  applicationCryptogram,
  blockDecrypt,
  encryptPinBlock,
  lineMac,
  pbocSessionKey,
  testIssuerMasterKeys,
  testTerminalKeys,
  udkOptionA,
} from "shebao/crypto"
import {
  CRYPTOGRAM_TAGS,
  computeLuhn,
  decodeFrame,
  decodeMessage,
  decodeWorkingKeys,
  encodeFrame,
  encodeIcData,
  encodeMessage,
  encodeOriginalData,
  encodePrivateData,
  encodeWithMac,
  type MessageFields,
} from "shebao/dictionary"
import { type Bank, type BankOptions, createBank, defaultRegion } from "shebao/host"

/** How long one withdrawal takes the bank: its 0200 and the 0220 that confirms it. */
export interface HostFigure {
  readonly name: string
  readonly microseconds: number
  readonly perSecond: number
}

export const TERMINALS = 20
const NOW = new Date("2025-11-20T02:30:00Z")
const [PIN, AMOUNT] = ["123456", "000000010000"]

const digits = (value: number, length: number) => String(value).padStart(length, "0")
const terminalId = (index: number) => `ATM${digits(index, 5)}`

function panOf(index: number): string {
  const body = `621700${digits(index, 12)}`
  return body + computeLuhn(body)
}

/** The keys of a terminal and of the one card that is used at it. */
interface Keys {
  readonly pin: Uint8Array
  readonly mac: Uint8Array
  readonly card: Uint8Array
}

async function signOn(bank: Bank, index: number): Promise<Keys> {
  const fields = { 11: "000001", 41: terminalId(index), 42: "SHEBAO000000001", 60: "00000001003", 63: "001" }
  const answer = await bank.handle(encodeFrame(encodeMessage({ messageType: "0800", fields })))
  const { pinKey, macKey } = decodeWorkingKeys(decodeMessage(decodeFrame(answer!).message).fields[62]!)
  const unwrap = (wrapped: Uint8Array) => blockDecrypt("3des", testTerminalKeys().tmk, wrapped)
  const card = udkOptionA("3des", testIssuerMasterKeys().ac, panOf(index), "01")
  return { pin: unwrap(pinKey.wrapped), mac: unwrap(macKey.wrapped), card }
}

function chipData(card: Uint8Array, atc: number): Uint8Array {
  const values = new Map<number, Uint8Array>([
    [0x9f02, hex(AMOUNT)],
    [0x9f03, hex("000000000000")],
    [0x9f1a, hex("0156")],
    [0x95, hex("0000048000")],
    [0x5f2a, hex("0156")],
    [0x9a, hex("251120")],
    [0x9c, hex("01")],
    [0x9f37, hex("11223344")],
    [0x82, hex("7C00")],
    [0x9f36, uint16(atc)],
  ])
  const cryptogram = applicationCryptogram(
    "3des",
    pbocSessionKey("3des", card, uint16(atc)),
    concat(...values.values(), hex("03A00002")),
  )
  values.set(0x9f26, cryptogram).set(0x9f10, hex("07010103A00002010A0100000100003769DA83"))
  return encodeIcData(CRYPTOGRAM_TAGS, (tag) => values.get(tag))
}

/** A withdrawal of 100.00 and the advice that the notes were taken. */
function withdrawal(index: number, keys: Keys, number: number): Uint8Array[] {
  const pan = panOf(index)
  const common: MessageFields = {
    2: pan,
    3: "010000",
    4: AMOUNT,
    7: "1120103000",
    11: digits(number, 6),
    12: "103000",
    13: "1120",
    22: "051",
    25: "02",
    32: "00010000",
    41: terminalId(index),
    42: "SHEBAO000000001",
    49: "156",
    60: "0100000100050",
  }
  const pinBlock = encryptPinBlock("3des", keys.pin, PIN, pan)
  const chip = { 18: "6011", 23: "001", 26: "06", 35: `${pan}D35122200000000000`, 55: chipData(keys.card, number) }
  const original = { messageType: "0200", stan: digits(number, 6), transmissionTime: common[7]!, acquirer: common[32]! }
  const sign = (messageType: string, fields: MessageFields) =>
    encodeFrame(encodeWithMac({ messageType, fields }, (input) => lineMac("ecb", keys.mac, input)))
  return [
    sign("0200", { ...common, ...chip, 52: pinBlock, 53: "2600000000000000" }),
    sign("0220", { ...common, 48: encodePrivateData({ dispenseOutcome: "taken" }), 90: encodeOriginalData(original) }),
  ]
}

/** Sends pairs of frames; each terminal waits for its answers. */
export async function run(bank: Bank, work: Uint8Array[][][], isParallel: boolean): Promise<HostFigure> {
  const oneTerminal = async (pairs: Uint8Array[][]) => {
    for (const pair of pairs) for (const frame of pair) await bank.handle(frame)
  }
  const start = performance.now()
  if (isParallel) await Promise.all(work.map(oneTerminal))
  else for (const pairs of work) await oneTerminal(pairs)
  const count = work.reduce((sum, pairs) => sum + pairs.length, 0)
  const microseconds = ((performance.now() - start) * 1000) / count
  const name = isParallel ? `${TERMINALS} terminals at once` : "one after the other"
  return { name, microseconds, perSecond: Math.round(1e6 / microseconds) }
}

/** A bank with one card for each terminal, and machines that are signed on to it. */
export async function openMachines(store: BankOptions["store"], indexes: readonly number[]) {
  const bank = createBank({
    ...(store && { store }),
    region: defaultRegion({ bank: { atmPerDay: 1_000_000_000 } }),
    clock: () => NOW,
    terminals: indexes.map((i) => ({ id: terminalId(i), kind: "atm" as const })),
  })
  const holder = {
    sequenceNumber: "01",
    expiry: "3512",
    holderName: "测试一号",
    idNumber: "999999199001010016",
    pin: PIN,
  }
  for (const i of indexes)
    await bank.enroll({ ...holder, pan: panOf(i), state: "active", openingBalanceFen: 100_000_000_000 })
  const keys: Keys[] = []
  for (const i of indexes) keys.push(await signOn(bank, i))
  let made = 0
  return {
    bank,
    made: () => made,
    /** The next so many withdrawals of every machine, as frames. */
    frames(each: number): Uint8Array[][][] {
      const work = keys.map((own, n) =>
        Array.from({ length: each }, (_, k) => withdrawal(indexes[n]!, own, made + k + 1)),
      )
      made += each
      return work
    },
  }
}

async function measure(name: string, store: BankOptions["store"], count: number): Promise<HostFigure[]> {
  const indexes = Array.from({ length: TERMINALS }, (_, i) => i)
  const { bank, frames, made } = await openMachines(store, indexes)
  await run(bank, frames(50), false)
  const each = Math.ceil(count / TERMINALS)
  const figures = [await run(bank, frames(each), false), await run(bank, frames(each), true)]
  const { ok, entries } = await bank.ledger.verify()
  await bank.close()
  // Two entries of a withdrawal, two of a terminal's first cash, one of an account.
  const expected = TERMINALS * (2 * made() + 3)
  if (!ok || entries !== expected) throw new Error(`the ledger has ${entries} entries, expected ${expected}`)
  return figures.map((figure) => ({ ...figure, name: `withdrawal, ${name}, ${figure.name}` }))
}

/**
 * Times whole withdrawals at the bank, in memory and on a durable SQLite file.
 *
 * @param count how many in memory; a quarter of them on the file
 */
export async function benchHost(count = 4000): Promise<HostFigure[]> {
  const directory = mkdtempSync(join(tmpdir(), "shebao-bench-"))
  try {
    const memory = await measure("memory", "memory", count)
    const sqlite = await measure("sqlite", { sqlite: join(directory, "ledger.db") }, Math.ceil(count / 4))
    return [...memory, ...sqlite]
  } finally {
    rmSync(directory, { recursive: true })
  }
}
