import { bcdRight, concat, hexNumber, SW, type Transport, toHex, uint32 } from "../apdu/index.js"
import {
  type BegunDebit,
  type FixedFile,
  findDirectory,
  findFile,
  formatYuan,
  keyNamed,
  MEDICAL_TRANSACTION_TYPES,
  socialSecurityTables,
} from "../dictionary/index.js"
import { type CardSession, debit, initializeDebit, socialSecurityClient } from "../terminal/index.js"
import { parseCardInfo } from "./card-info.js"
import { compareCard, identify, type Subject } from "./card-work.js"
import { type Answer, fail, refusedWith } from "./codes.js"
import { environmentFailure, keyFailure, pinFailure } from "./failures.js"
import { algorithmIdentifier, keyAddressOf } from "./hsm-authentication.js"
import { joinFields, parseHex, splitFields } from "./key-string.js"
import { outputPart } from "./output-values.js"
import { type PayInfo, parsePayInfo } from "./pay-info.js"
import { askAndVerifyPin, enterCurrentPin } from "./pin-entry.js"
import type { Output, StepOutput } from "./runtime.js"
import type { DriverSettings } from "./settings.js"

/** What a caller of iDoDebit gives. */
export interface DebitRequest {
  readonly cardInfo: string
  readonly payInfo: string
}

interface Begun {
  readonly subject: Subject
  readonly pay: PayInfo
  readonly begun: BegunDebit
  readonly balanceFen: number
}

const medical = findDirectory(socialSecurityTables("2.00"), "DF04")
const records = findFile(socialSecurityTables("2.00"), "DF04", 0xef08) as FixedFile

/** Everything up to INITIALIZE FOR DEBIT (card-commands §10.6): nothing on the card has changed then. */
async function begin(
  card: CardSession,
  settings: DriverSettings,
  { cardInfo, payInfo }: DebitRequest,
): Promise<Answer<Begun>> {
  const info = parseCardInfo(cardInfo)
  if (!info.ok) return info
  const parsed = parsePayInfo(payInfo)
  if (!parsed.ok) return parsed
  const { pay } = parsed
  const found = await identify(card)
  if (!found.ok) return found
  const { subject } = found
  const compared = await compareCard(subject, info.info, settings.keys)
  if (!compared.ok) return compared
  const selected = await socialSecurityClient(card).selectDirectory(medical.name)
  if (!selected.ok) return refusedWith(selected.statusWord)
  const verified = await verifyPinThatMayPay(card, settings)
  if (!verified.ok) return verified
  const terminal = bcdRight(await settings.readTerminalNumber(), 6)
  const started = await initializeDebit(card, pay.personalFen, pay.pooledFen, terminal)
  if (!started.ok) return refusedWith(started.statusWord)
  const { random, number, balanceFen } = started
  const { atr, region, algorithm } = subject.identity
  const begun: BegunDebit = {
    algorithm,
    factors: { atr, region },
    random,
    number,
    // As the HSM form has it, 0000‖f3 (card-commands §10.2): the card's own number makes it unique.
    terminalSequence: number,
    personalFen: pay.personalFen,
    pooledFen: pay.pooledFen,
    terminal,
    dateTime: bcdRight(pay.dateTime, 7),
  }
  return { ok: true, subject, pay, begun, balanceFen }
}

/** The PIN that a card is issued with does not pay: −35, and no try is spent. */
async function verifyPinThatMayPay(card: Transport, settings: DriverSettings): Promise<Answer> {
  const entered = await enterCurrentPin(card, settings)
  if (!entered.ok) return entered
  if (entered.pin === settings.initialPin) return fail("INITIAL_PIN_MAY_NOT_PAY")
  const verified = await socialSecurityClient(card).verifyPin(entered.pin)
  return verified.ok ? verified : pinFailure(verified)
}

interface Paid {
  readonly tac: Uint8Array
  readonly mac2: Uint8Array
}

async function pay({ subject, begun }: Begun, mac1: Uint8Array): Promise<Answer<Paid>> {
  const paid = await debit(subject.card, begun.terminalSequence, begun.dateTime, mac1)
  return paid.ok ? paid : refusedWith(paid.statusWord)
}

const receipt = ({ balanceFen, begun }: Begun, { tac, mac2 }: Paid): string =>
  joinFields(toHex(tac), toHex(mac2), formatYuan(balanceFen - begun.personalFen))

/** iDoDebit: TAC, MAC2 and the balance after it. */
export async function doDebit(card: CardSession, settings: DriverSettings, request: DebitRequest): Promise<Output> {
  const { medicalKeys } = settings
  if (!medicalKeys) return fail("NO_SAM")
  const begun = await begin(card, settings, request)
  if (!begun.ok) return begun
  const authorized = await medicalKeys.authorizeDebit(begun.begun)
  if (!authorized.ok) return keyFailure(authorized, keyNamed("DPK"))
  const paid = await pay(begun, authorized.mac1)
  if (!paid.ok) return paid
  const checked = await medicalKeys.checkDebit(begun.begun, paid.mac2)
  if (!checked.ok) return keyFailure(checked, keyNamed("DPK"))
  // The card has paid all the same: its record tells (iReadDebitRecord).
  if (!checked.genuine) return refusedWith(SW.MAC_INVALID, { zh: "MAC2校验失败", en: "MAC2 is not the card's" })
  return { ok: true, out: receipt(begun, paid) }
}

/** iDoDebit_HSM_Step1 and Step2. */
export async function beginDebit(
  card: CardSession,
  settings: DriverSettings,
  request: DebitRequest,
): Promise<StepOutput> {
  const begun = await begin(card, settings, request)
  if (!begun.ok) return begun
  const { algorithm, random, number, personalFen, pooledFen, terminal } = begun.begun
  const out = joinFields(
    algorithmIdentifier(algorithm),
    keyAddressOf(keyNamed("DPK"), settings),
    toHex(random),
    hexNumber(number, 4),
    toHex(uint32(personalFen)),
    toHex(uint32(pooledFen)),
    toHex(concat(MEDICAL_TRANSACTION_TYPES.debit, terminal)),
    begun.pay.dateTime,
  )
  return {
    ok: true,
    out,
    next: async (key = "") => {
      const mac1 = parseDebitKey(key, begun)
      if (!mac1.ok) return mac1
      const paid = await pay(begun, mac1.bytes)
      return paid.ok ? { ok: true, out: receipt(begun, paid) } : paid
    },
  }
}

/** Reads `0000f3|f7|MAC1|`: −15 when sequence and time are not those of Step 1. */
function parseDebitKey(key: string, { begun, pay: { dateTime } }: Begun): Answer<{ readonly bytes: Uint8Array }> {
  const parts = splitFields(key, 3)
  if (!parts.ok) return parts
  const [sequence, moment, mac1] = parts.fields
  const given = parseHex(sequence!, 4)
  if (!given.ok) return given
  if (toHex(given.bytes) !== hexNumber(begun.terminalSequence, 8) || moment !== dateTime) return fail("OUT_OF_TURN")
  return parseHex(mac1!, 4)
}

/** iReadDebitRecord: every record of DF04 EF08, newest first. */
export async function readDebitRecords(card: CardSession, settings: DriverSettings): Promise<Output> {
  const client = socialSecurityClient(card)
  const environment = await client.selectEnvironment()
  if (!environment.ok) return environmentFailure(environment.statusWord)
  const selected = await client.selectDirectory(medical.name)
  if (!selected.ok) return refusedWith(selected.statusWord)
  const verified = await askAndVerifyPin(card, settings)
  if (!verified.ok) return verified
  const file = await client.selectFile(records.fid)
  if (!file.ok) return refusedWith(file.statusWord)
  let out = ""
  for (let number = 1; number <= records.recordCount; number++) {
    const read = await client.readRecord(number)
    if (!read.ok && read.statusWord === SW.RECORD_NOT_FOUND) break
    if (!read.ok) return refusedWith(read.statusWord)
    out += `${joinFields(...records.fields.map(({ id }) => outputPart(records, read.record, id)))}$`
  }
  return { ok: true, out }
}
