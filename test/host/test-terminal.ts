import { concat, hex, uint16 } from "../../src/apdu/index.js"
import {
  applicationCryptogram,
  blockDecrypt,
  encryptPinBlock,
  lineMac,
  pbocSessionKey,
  testIssuerMasterKeys,
  testTerminalKeys,
  udkOptionA,
} from "../../src/crypto/index.js"
import {
  decodeFrame,
  decodeMessage,
  decodeWorkingKeys,
  encodeFrame,
  encodeIcData,
  encodeMessage,
  encodeOriginalData,
  encodePrivateData,
  encodeReplacementAmount,
  encodeWithMac,
  fenDigits,
  type HostLink,
  type Message,
  type MessageFields,
  macInput,
  messageMac,
  type PrivateData,
  REQUEST_TAGS,
} from "../../src/dictionary/index.js"
import type { Enrolment } from "../../src/host/index.js"

/** The default card of financial-emv §13. */
export const PAN = "6217000000000000046"
export const PIN = "123456"
export const CARD: Enrolment = {
  pan: PAN,
  sequenceNumber: "01",
  expiry: "351231",
  holderName: "测试一号",
  holderNameLatin: "CESHI/YIHAO",
  idNumber: "999999199001010016",
  state: "active",
  pin: PIN,
  openingBalanceFen: 1_000_000,
}

/** 2025-11-20 10:30:00 in Beijing, the moment of the message dumps (host-iso8583 §20). */
export const NOON = new Date("2025-11-20T02:30:00Z")

/** A clock that stands still until it is set. */
export function testClock(start = NOON) {
  let now = start
  const clock = () => now
  return Object.assign(clock, {
    set: (text: string) => {
      now = new Date(text)
    },
    advance: (milliseconds: number) => {
      now = new Date(now.getTime() + milliseconds)
    },
  })
}

export const digits = (value: number, length: number) => String(value).padStart(length, "0")

/** What the chip says: defaults are the transaction of financial-emv V-B10. */
export interface ChipOptions {
  readonly atc: number
  readonly amountFen: bigint | number
  readonly type?: string
  readonly pan?: string
  readonly sequenceNumber?: string
  /** Single tags to replace, or to leave out with undefined, after the cryptogram was made. */
  readonly changed?: Readonly<Record<number, Uint8Array | undefined>>
  /** TVR the cryptogram covers. */
  readonly results?: string
  readonly version?: 0x01 | 0x17
}

/** DE55 of a card that answers an ARQC. */
export function chipData(options: ChipOptions): Uint8Array {
  const { atc, amountFen, pan = PAN, sequenceNumber = "01", version = 1 } = options
  const values = new Map<number, Uint8Array>([
    [0x9f27, hex("80")],
    [0x9f10, hex(`0701${version === 1 ? "01" : "17"}03A00002010A0100000100003769DA83`)],
    [0x9f37, hex("11223344")],
    [0x9f36, uint16(atc)],
    [0x95, hex(options.results ?? "0000048000")],
    [0x9a, hex("251120")],
    [0x9c, hex(options.type ?? "01")],
    [0x9f02, hex(fenDigits(amountFen))],
    [0x5f2a, hex("0156")],
    [0x82, hex("7C00")],
    [0x9f1a, hex("0156")],
    [0x9f03, hex("000000000000")],
    [0x9f33, hex("6040C0")],
    [0x9f34, hex("420300")],
    [0x9f35, hex("14")],
    [0x9f1e, hex("53484542414F3031")],
    [0x84, hex("A000000333010101")],
    [0x9f09, hex("0020")],
    [0x9f41, hex("00000123")],
  ])
  const part = (tag: number) => values.get(tag)!
  const covered =
    version === 1
      ? concat(...[0x9f02, 0x9f03, 0x9f1a, 0x95, 0x5f2a, 0x9a, 0x9c, 0x9f37, 0x82, 0x9f36].map(part), hex("03A00002"))
      : concat(part(0x9f02), part(0x9f37), part(0x9f36), hex("A0"))
  const udk = udkOptionA("3des", testIssuerMasterKeys().ac, pan, sequenceNumber)
  values.set(0x9f26, applicationCryptogram("3des", pbocSessionKey("3des", udk, uint16(atc)), covered))
  for (const [tag, value] of Object.entries(options.changed ?? {})) {
    if (value === undefined) values.delete(Number(tag))
    else values.set(Number(tag), value)
  }
  return encodeIcData(REQUEST_TAGS, (tag) => values.get(tag))
}

/** The answer of the bank, and whether its MAC is right under the key the terminal had. */
export interface TerminalAnswer {
  readonly message: Message
  readonly fields: Readonly<MessageFields>
  readonly code: string | undefined
  readonly isSigned: boolean
  readonly isMacRight: boolean
}

export type Changes = { [Number in keyof MessageFields]: MessageFields[Number] | undefined }

export interface CashRequest {
  readonly fen?: bigint | number
  readonly pin?: string
  readonly chip?: Partial<ChipOptions>
  readonly fields?: Changes
  readonly data?: PrivateData
  readonly pan?: string
}

function without(fields: Changes): MessageFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/** A terminal that does what a test says, right or wrong. */
export function testTerminal(link: HostLink, options: { id?: string; clock?: () => Date } = {}) {
  const id = options.id ?? "ATM00001"
  const clock = options.clock ?? (() => NOON)
  const isTeller = id.startsWith("TLR")
  let [pinKey, macKey] = [testTerminalKeys().tpk, testTerminalKeys().tak]
  let stan = 0
  let atc = 0

  const localTime = () => new Date(clock().getTime() + 8 * 3_600_000).toISOString().replace(/\D/g, "")

  function read(frame: Uint8Array, key: Uint8Array): TerminalAnswer {
    const { message: bytes } = decodeFrame(frame)
    const message = decodeMessage(bytes)
    const mac = messageMac(message)
    const isMacRight = mac !== undefined && Buffer.from(lineMac("ecb", key, macInput(bytes))).equals(mac)
    return { message, fields: message.fields, code: message.fields[39], isSigned: mac !== undefined, isMacRight }
  }

  const sign = (message: Message) => encodeFrame(encodeWithMac(message, (input) => lineMac("ecb", macKey, input)))

  /** Sends a frame as it is. */
  async function sendFrame(frame: Uint8Array): Promise<TerminalAnswer> {
    const key = macKey
    return read(await link.exchange(frame), key)
  }

  const send = (messageType: string, fields: Changes) => sendFrame(sign({ messageType, fields: without(fields) }))

  function common(): MessageFields {
    const time = localTime()
    return {
      7: time.slice(4, 14),
      11: digits(++stan, 6),
      12: time.slice(8, 14),
      13: time.slice(4, 8),
      25: isTeller ? "00" : "02",
      32: "00010000",
      41: id,
      42: "SHEBAO000000001",
      49: "156",
      60: isTeller ? "0200000100050" : "0100000100050",
    }
  }

  function network(networkCode: string, changes: Changes = {}) {
    const fields = { 11: digits(++stan, 6), 41: id, 42: "SHEBAO000000001", 60: `00000001${networkCode}`, 63: "001" }
    return sendFrame(encodeFrame(encodeMessage({ messageType: "0800", fields: without({ ...fields, ...changes }) })))
  }

  async function signOn(): Promise<TerminalAnswer> {
    const answer = await network("003")
    const keys = answer.fields[62] && decodeWorkingKeys(answer.fields[62])
    if (keys) {
      const { tmk } = testTerminalKeys()
      pinKey = blockDecrypt("3des", tmk, keys.pinKey.wrapped)
      macKey = blockDecrypt("3des", tmk, keys.macKey.wrapped)
    }
    return answer
  }

  /** A 0200 of the chip with PIN. */
  function request(processingCode: string, { fen, pin = PIN, chip, fields, data, pan = PAN }: CashRequest): Message {
    const type = processingCode.slice(0, 2)
    return {
      messageType: "0200",
      fields: without({
        ...common(),
        2: pan,
        3: processingCode,
        4: fen === undefined ? undefined : fenDigits(fen),
        14: "3512",
        18: isTeller ? "6010" : "6011",
        22: "051",
        23: "001",
        26: "06",
        35: `${pan}D35122200000000000`,
        48: data && encodePrivateData(data),
        52: encryptPinBlock("3des", pinKey, pin, pan),
        53: "2600000000000000",
        55: chipData({ atc: ++atc, amountFen: fen ?? 0, type, pan, ...chip }),
        ...fields,
      }),
    }
  }

  /** What an advice repeats of its request. */
  function about({ fields }: Message): Changes {
    const {
      2: pan,
      3: code,
      4: amount,
      7: sent,
      11: number,
      12: time,
      13: date,
      22: mode,
      25: condition,
      32: acquirer,
    } = fields
    const original = encodeOriginalData({
      messageType: "0200",
      stan: number!,
      transmissionTime: sent!,
      acquirer: acquirer!,
    })
    return {
      2: pan,
      3: code,
      4: amount,
      7: sent,
      11: number,
      12: time,
      13: date,
      22: mode,
      25: condition,
      32: acquirer,
      41: id,
      42: fields[42],
      49: "156",
      60: fields[60],
      90: original,
    }
  }

  const sendMessage = (message: Message) => sendFrame(sign(message))

  return {
    signOn,
    network,
    send,
    sendFrame,
    sendMessage,
    sign,
    request,
    setAtc: (value: number) => {
      atc = value
    },
    setStan: (value: number) => {
      stan = value
    },
    useMacKey: (key: Uint8Array) => {
      macKey = key
    },
    keys: () => ({ pinKey, macKey }),

    withdrawal: (fen: bigint | number, more: CashRequest = {}) => request("010000", { fen, ...more }),
    cashIn: (fen: bigint | number, more: CashRequest = {}) => request("210000", { fen, ...more }),
    inquiry: (more: CashRequest = {}) => request("300000", more),

    advice(
      original: Message,
      outcome: PrivateData["dispenseOutcome"],
      actualFen?: number,
      changes: Changes = {},
    ): Message {
      const fields = { ...about(original), 48: encodePrivateData(outcome ? { dispenseOutcome: outcome } : {}) }
      const actual = actualFen === undefined ? undefined : encodeReplacementAmount(actualFen)
      return { messageType: "0220", fields: without({ ...fields, 95: actual, ...changes }) }
    },

    reversal(original: Message, reason = "98", changes: Changes = {}): Message {
      return { messageType: "0420", fields: without({ ...about(original), 39: reason, ...changes }) }
    },

    scriptResult(original: Message, results: Uint8Array, changes: Changes = {}): Message {
      const fields = { ...about(original), 4: undefined, 11: digits(++stan, 6), 18: "6010" }
      return { messageType: "0620", fields: without({ ...fields, 55: concat(hex("DF3105"), results), ...changes }) }
    },
  }
}

export type TestTerminal = ReturnType<typeof testTerminal>
