import { concat, encodeTlv, hex, parseTlv, type Transport, toHex } from "../../../src/apdu/index.js"
import {
  combinedData,
  makeCertificate,
  rsaSigner,
  sha1,
  signDynamicData,
  signStaticData,
  sm3,
  TEST_RSA_INDEX,
  TEST_SM2_INDEX,
  testEmvKey,
} from "../../../src/crypto/index.js"

/** What a test changes about the card. */
export interface SigningCardOptions {
  readonly algorithm?: "rsa" | "sm2"
  /** AIP, hex. Default 7C00: SDA and DDA. */
  readonly aip?: string
  /** Tag 8E, hex. Default: no CVM required. */
  readonly cvmList?: string
  /** Cryptograms of the first and second GENERATE AC: CID bytes. Default ARQC, then what is asked for. */
  readonly first?: number
  /** Certificates that differ from the default. */
  readonly expiry?: string
  readonly subject?: { readonly issuer?: string; readonly card?: string }
  /** Authority index in tag 8F. */
  readonly index?: number
  /** Tags left out of the records. */
  readonly without?: readonly number[]
  /** Tags with another value, hex. */
  readonly changed?: Readonly<Record<number, string>>
  /** Changes an answer before it leaves, by instruction byte. */
  readonly tamper?: (instruction: number, answer: Uint8Array) => Uint8Array
  readonly pin?: string
}

/** A card that signs with the test keys, as a terminal sees one; it keeps no rules but those of signatures. */
export interface SigningCard extends Transport {
  /** Header of every command, hex. */
  readonly commands: string[]
}

const PAN = "6217000000000000046F"
const PDOL = "9F7A019F02065F2A02"
const DYNAMIC_NUMBER = hex("0102030405060708")
const CHALLENGE = hex("C1C2C3C4C5C6C7C8")
export const AC = hex("E64152248DEBA48B")
const CDOL = "9F02069F03069F1A0295055F2A029A039C019F3704"

export function signingCard(options: SigningCardOptions = {}): SigningCard {
  const { algorithm = "rsa", aip = "7C00", expiry = "1235" } = options
  const keys = {
    authority: testEmvKey(algorithm, "authority"),
    issuer: testEmvKey(algorithm, "issuer"),
    card: testEmvKey(algorithm, "card"),
  }
  const values: Values = [
    [0x5a, PAN],
    [0x5f24, "351231"],
    [0x5f25, "250101"],
    [0x5f34, "01"],
    [0x9f07, "FF00"],
    [0x9f08, "0030"],
    [0x8e, options.cvmList ?? "00000000000000001F00"],
    [0x8c, CDOL],
    [0x8d, `8A02${CDOL}`],
    [0x9f0d, "0000000000"],
    [0x9f0e, "0000000000"],
    [0x9f0f, "0000000000"],
  ]
  const staticData = concat(parseTlv(record({}, values))[0]!.value, hex(aip))
  const issuer = makeCertificate(
    "issuer",
    keys.authority.privateKey,
    { subject: hex(options.subject?.issuer ?? "621700FF"), expiry: hex(expiry), serial: hex("000001") },
    keys.issuer.publicKey,
  )
  const own = makeCertificate(
    "card",
    keys.issuer.privateKey,
    { subject: hex(options.subject?.card ?? PAN), expiry: hex(expiry), serial: hex("000002") },
    keys.card.publicKey,
    staticData,
  )
  const index = options.index ?? (algorithm === "rsa" ? TEST_RSA_INDEX : TEST_SM2_INDEX)
  const records = [
    record(options, values),
    record(options, [
      [0x8f, toHex(Uint8Array.of(index))],
      [0x90, toHex(issuer.certificate)],
      [0x9f32, issuer.exponent && toHex(issuer.exponent)],
      [0x92, issuer.remainder && toHex(issuer.remainder)],
    ]),
    record(options, [
      [0x9f46, toHex(own.certificate)],
      [0x9f47, own.exponent && toHex(own.exponent)],
      [0x9f48, own.remainder && toHex(own.remainder)],
      [0x9f49, "9F3704"],
      [0x9f4a, "82"],
    ]),
    record(options, [[0x93, toHex(signStaticData(keys.issuer.privateKey, hex("DAC1"), staticData))]]),
  ]
  const commands: string[] = []
  const sent: Uint8Array[] = []
  let generated = 0

  function generate(p1: number, data: Uint8Array): Uint8Array {
    generated++
    sent.push(data)
    const asked = p1 & 0xc0
    const cid = generated === 1 ? (options.first ?? 0x80) : asked
    const plain = concat(
      encodeTlv(0x9f27, Uint8Array.of(cid)),
      encodeTlv(0x9f36, hex("0007")),
      encodeTlv(0x9f10, hex("07010103A00002010A0100000100003769DA83")),
    )
    if ((p1 & 0x10) === 0 || cid === 0) return encodeTlv(0x77, concat(plain, encodeTlv(0x9f26, AC)))
    const hash = (algorithm === "rsa" ? sha1 : sm3)(concat(...sent, plain))
    const inside = combinedData({ dynamicNumber: DYNAMIC_NUMBER, informationData: cid, cryptogram: AC, hash })
    const number = data.subarray(data.length - 4)
    return encodeTlv(0x77, concat(plain, encodeTlv(0x9f4b, signDynamicData(keys.card.privateKey, inside, number))))
  }

  function verify(p2: number, data: Uint8Array): string {
    const clear =
      p2 === 0x88 && keys.card.privateKey.algorithm === "rsa" ? rsaSigner(keys.card.privateKey)(data) : undefined
    const block = clear ? clear.subarray(1, 9) : data
    const isFresh = !clear || (clear[0] === 0x7f && toHex(clear.subarray(9, 17)) === toHex(CHALLENGE))
    return isFresh && toHex(block) === `2${options.pin?.length}${options.pin}`.padEnd(16, "F") ? "9000" : "63C2"
  }

  function answer(command: Uint8Array): Uint8Array {
    const [, instruction, p1 = 0, p2 = 0, lc = 0] = command
    const data = command.subarray(5, 5 + lc)
    const ok = (bytes: Uint8Array) => concat(bytes, hex("9000"))
    switch (instruction) {
      case 0xa4:
        if (!"A000000333010101".startsWith(toHex(data)) || p2 === 2) return hex("6A82")
        return ok(fci())
      case 0xa8:
        sent.length = 0
        sent.push(data.subarray(2))
        return ok(encodeTlv(0x80, hex(`${aip}1001010118020400`)))
      case 0xb2: {
        const found = p2 >> 3 === 2 ? records[0] : p2 >> 3 === 3 ? records[p1 - 1] : undefined
        return found ? ok(found) : hex("6A83")
      }
      case 0xca:
        return hex("6A88")
      case 0x84:
        return ok(CHALLENGE)
      case 0x20:
        return hex(verify(p2, data))
      case 0x88:
        return ok(encodeTlv(0x80, signDynamicData(keys.card.privateKey, concat(8, DYNAMIC_NUMBER), data)))
      case 0x82:
        return hex("9000")
      case 0xae:
        return ok(generate(p1, data))
      default:
        return hex("6D00")
    }
  }

  return {
    commands,
    async transmit(command) {
      commands.push(toHex(command.subarray(0, 4)))
      const answered = answer(command)
      return options.tamper?.(command[1]!, answered) ?? answered
    },
    async close() {},
  }
}

const fci = () =>
  encodeTlv(0x6f, [encodeTlv(0x84, hex("A000000333010101")), encodeTlv(0xa5, [encodeTlv(0x9f38, hex(PDOL))])])

type Values = readonly (readonly [tag: number, value: string | undefined])[]

function record({ without = [], changed = {} }: SigningCardOptions, values: Values): Uint8Array {
  const parts = values.flatMap(([tag, value]) =>
    value === undefined || without.includes(tag) ? [] : [encodeTlv(tag, hex(changed[tag] ?? value))],
  )
  return encodeTlv(0x70, parts)
}
