import { commandApdu, concat, readUint32, SW, type Transport, toHex } from "../../apdu/index.js"
import { type Algorithm, blockSizeOf } from "../../crypto/index.js"
import { SAM, samEnvironmentName, samKeys, usageLevels, usageType } from "../../dictionary/index.js"
import { selectByFid, selectByName } from "./files.js"
import { type Outcome, send } from "./outcome.js"

/** What a SAM tells of itself (EF0015, card-commands §11.1). */
export interface SamPublicInformation {
  /** 20 hex digits. */
  readonly serial: string
  readonly version: number
  readonly keyType: number
  /** Two bytes of the issuer, 4 hex digits. */
  readonly issuerData: string
}

/** What a purchase with the SAM begins with: the card's answer, and what is bought (financial-emv §9). */
export interface SamPurchase {
  /** 4 bytes, from the card. */
  readonly random: Uint8Array
  /** The card's off-line transaction number, 2 bytes. */
  readonly number: Uint8Array
  /** 4 bytes. */
  readonly amount: Uint8Array
  readonly type: number
  /** Date and time, 7 bytes BCD: YYYYMMDDhhmmss. */
  readonly dateTime: Uint8Array
  readonly keyVersion: number
  /** As the card tells it: 00 or 01 for 3DES, 04 for SM4. */
  readonly algorithmId: number
  /** 8 bytes each, the card's own first. */
  readonly factors: readonly Uint8Array[]
}

/** A key that a SAM holds; its value stays inside. */
export interface SamKeyFound {
  readonly usage: number
  readonly id: number
}

/**
 * The SAM's commands over a connection that hides 61xx and 6Cxx (card-commands §11). A refusal is a value. Session keys
 * live in the SAM until something else is selected: what belongs together goes in one transaction.
 */
export interface SamClient {
  /** SELECT of the MF. */
  selectMasterFile(): Promise<Outcome>
  /** Selects an algorithm's environment and in it the application DF01. */
  selectApplication(algorithm: Algorithm): Promise<Outcome>
  /** EF0016 of the MF, which must be current. @returns 12 digits */
  readTerminalNumber(): Promise<Outcome<{ readonly terminalNumber: string }>>
  /** EF0015 of the MF, which must be current. */
  readPublicInformation(): Promise<Outcome<SamPublicInformation>>
  /**
   * BF DE: derives a card's key and makes a session key of it.
   *
   * @param factors 8 bytes each, the card's own first, as many as the usage has levels
   * @param random 8 bytes
   */
  initialiseKey(usage: number, id: number, factors: readonly Uint8Array[], random: Uint8Array): Promise<Outcome>
  /** 80 1A: derives a card's key and works with that one itself. */
  initialiseCardKey(usage: number, version: number, factors: readonly Uint8Array[]): Promise<Outcome>
  /** 80 FA 00. @param data whole blocks */
  encrypt(data: Uint8Array): Promise<Outcome<{ readonly data: Uint8Array }>>
  /**
   * 80 FA 05, or 07, 03 and 01 where the data are longer than a command.
   *
   * @param data padded to whole blocks
   * @returns 4 bytes
   */
  mac(algorithm: Algorithm, data: Uint8Array): Promise<Outcome<{ readonly mac: Uint8Array }>>
  /** 80 70: terminal transaction number and MAC1. */
  beginPurchase(purchase: SamPurchase): Promise<Outcome<{ readonly sequence: number; readonly mac1: Uint8Array }>>
  /** 80 72: checks the card's MAC2. @param mac2 4 bytes */
  creditPurchase(mac2: Uint8Array): Promise<Outcome>
  /**
   * Which keys of social security cards there are, on any level: each is initialised once, which changes nothing that
   * lasts. DF01 must be current.
   */
  findKeys(): Promise<SamKeyFound[]>
}

const MAC_LENGTH = 4
/** Most blocks' worth of data that one command takes: 240 bytes divide by both block sizes. */
const CHUNK = 240
const FACTOR = 8
const TERMINAL_NUMBER = 6
const PUBLIC_INFORMATION = 14

/** Makes the client. It keeps no state. @example await samClient(sam).readTerminalNumber() */
export function samClient(sam: Transport): SamClient {
  const initialiseKey: SamClient["initialiseKey"] = async (usage, id, factors, random) =>
    done(await send(sam, commandApdu(0xbf, 0xde, usage, id, concat(...factors, random))))
  return {
    selectMasterFile: () => selectByFid(sam, SAM.masterFile),
    async selectApplication(algorithm) {
      const environment =
        algorithm === "3des"
          ? await selectByFid(sam, SAM.masterFile)
          : await selectByName(sam, samEnvironmentName("sm4"))
      return environment.ok ? done(await selectByFid(sam, SAM.application)) : environment
    },
    async readTerminalNumber() {
      const outcome = await readBySfi(sam, SAM.terminalNumber, TERMINAL_NUMBER)
      return outcome.ok ? { ok: true, terminalNumber: toHex(outcome.data) } : outcome
    },
    async readPublicInformation() {
      const outcome = await readBySfi(sam, SAM.publicInformation, PUBLIC_INFORMATION)
      if (!outcome.ok) return outcome
      const { data } = outcome
      return {
        ok: true,
        serial: toHex(data.subarray(0, 10)),
        version: data[10] ?? 0,
        keyType: data[11] ?? 0,
        issuerData: toHex(data.subarray(12)),
      }
    },
    initialiseKey,
    initialiseCardKey: async (usage, version, factors) =>
      done(await send(sam, commandApdu(0x80, 0x1a, usage, version, concat(...factors)))),
    encrypt: (data) => send(sam, crypt(0x00, data)),
    mac: (algorithm, data) => mac(sam, concat(new Uint8Array(blockSizeOf(algorithm)), data)),
    async beginPurchase(purchase) {
      const outcome = await send(sam, commandApdu(0x80, 0x70, 0, 0, purchaseData(purchase), FACTOR))
      return outcome.ok
        ? { ok: true, sequence: readUint32(outcome.data), mac1: outcome.data.slice(4, 4 + MAC_LENGTH) }
        : outcome
    },
    creditPurchase: async (mac2) => done(await send(sam, commandApdu(0x80, 0x72, 0, 0, mac2))),
    async findKeys() {
      const found: SamKeyFound[] = []
      for (const { psamUsage, psamId } of samKeys)
        for (const usage of lowerUsages(psamUsage)) {
          const factors = Array.from({ length: usageLevels(usage) }, () => new Uint8Array(FACTOR))
          const outcome = await initialiseKey(usage, psamId, factors, new Uint8Array(FACTOR))
          if (outcome.ok) found.push({ usage, id: psamId })
          if (outcome.ok || outcome.statusWord === SW.REFERENCED_DATA_NOT_FOUND) break
        }
      return found
    },
  }
}

/** A usage byte and those of the same type with fewer levels, down to one: how SAMs of provinces and cities hold a key. */
export function lowerUsages(usage: number): number[] {
  return Array.from(
    { length: usageLevels(usage) },
    (_, fewer) => ((usageLevels(usage) - fewer) << 5) | usageType(usage),
  )
}

/** READ BINARY by SFI, the low five bits of the FID (card-commands §11.1: 00 B0 96 00 06). */
function readBySfi(sam: Transport, fid: number, length: number) {
  return send(sam, commandApdu(0x00, 0xb0, 0x80 | (fid & 0x1f), 0x00, undefined, length))
}

const crypt = (p1: number, data: Uint8Array) => commandApdu(0x80, 0xfa, p1, 0x00, data, 256)

async function mac(sam: Transport, data: Uint8Array): Promise<Outcome<{ readonly mac: Uint8Array }>> {
  for (let at = 0; ; at += CHUNK) {
    const [isFirst, isLast] = [at === 0, at + CHUNK >= data.length]
    const p1 = isFirst ? (isLast ? 0x05 : 0x07) : isLast ? 0x01 : 0x03
    const outcome = await send(sam, crypt(p1, data.subarray(at, at + CHUNK)))
    if (!outcome.ok) return outcome
    if (isLast) return { ok: true, mac: outcome.data.slice(0, MAC_LENGTH) }
  }
}

function purchaseData(purchase: SamPurchase): Uint8Array {
  const { random, number, amount, type, dateTime, keyVersion, algorithmId, factors } = purchase
  return concat(random, number, amount, type, dateTime, keyVersion, algorithmId, ...factors)
}

const done = (outcome: Outcome): Outcome => (outcome.ok ? { ok: true } : outcome)
