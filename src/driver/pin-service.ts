import { bcdLeft, concat, hex, InputError, toHex } from "../apdu/index.js"
import { keyNamed } from "../dictionary/index.js"
import { beginSecureCommand, type CardSession, finishSecureCommand, type SecureCommandStep } from "../terminal/index.js"
import { parseCardInfo } from "./card-info.js"
import { authenticate, compareCard, identify, type Subject } from "./card-work.js"
import { type Answer, fail, refusedWith } from "./codes.js"
import { keyFailure } from "./failures.js"
import { algorithmIdentifier, answerOfHsm, askHsm, keyAddressOf } from "./hsm-authentication.js"
import { joinFields, parseHex } from "./key-string.js"
import { enterNewPin } from "./pin-entry.js"
import type { Output, StepOutput } from "./runtime.js"
import type { DriverSettings } from "./settings.js"

/** What the office can do for a holder: give another PIN, or the tries of the old one back. */
interface PinService {
  /** CLA INS P1 P2. */
  readonly header: Uint8Array
  readonly hasNewPin: boolean
}

const RELOAD: PinService = { header: hex("84240001"), hasNewPin: true }
const UNBLOCK: PinService = { header: hex("84240000"), hasNewPin: false }

type NewPin = Answer<{ readonly pin: string }>

/** Nothing is asked where the PIN stays. */
const askFor = async ({ hasNewPin }: PinService, settings: DriverSettings): Promise<NewPin> =>
  hasNewPin ? enterNewPin(settings) : { ok: true, pin: "" }

/** The PIN with its length in front, as PIN RELOAD has it; nothing for PIN UNBLOCK (card-commands §5.3, §5.4). */
function dataOf(pin: string): Uint8Array {
  const bytes = bcdLeft(pin, Math.ceil(pin.length / 2))
  return pin === "" ? bytes : concat(bytes.length, bytes)
}

async function prepare(
  card: CardSession,
  settings: DriverSettings,
  cardInfo: string,
): Promise<Answer<{ readonly subject: Subject }>> {
  const info = parseCardInfo(cardInfo)
  if (!info.ok) return info
  const found = await identify(card)
  if (!found.ok) return found
  const compared = await compareCard(found.subject, info.info, settings.keys)
  return compared.ok ? found : compared
}

const messageKey = ({ pinMessageKey }: DriverSettings): string => (pinMessageKey === "PUK" ? "PUK" : "STKssse")

const beginCommand = ({ card, identity }: Subject, settings: DriverSettings, { header }: PinService) =>
  beginSecureCommand(card, identity, messageKey(settings), header)

/** The command as a key service makes it. */
async function makeCommand(
  step: SecureCommandStep,
  keys: NonNullable<DriverSettings["keys"]>,
  { hasNewPin }: PinService,
  pin: string,
): Promise<Answer<{ readonly command: Uint8Array }>> {
  const made = await keys.secureCommand({ ...step, data: dataOf(pin), encipher: hasNewPin })
  return made.ok ? made : keyFailure(made, step.key)
}

async function sendCommand({ card }: Subject, step: SecureCommandStep, command: Uint8Array): Promise<Output> {
  const sent = await finishSecureCommand(card, step, command)
  return sent.ok ? { ok: true, out: "" } : refusedWith(sent.statusWord)
}

/** iReloadPIN and iUnblockPIN with a PSAM. */
async function serve(
  card: CardSession,
  settings: DriverSettings,
  cardInfo: string,
  service: PinService,
): Promise<Output> {
  const { keys } = settings
  const prepared = await prepare(card, settings, cardInfo)
  if (!prepared.ok) return prepared
  const { subject } = prepared
  const unblocked = await authenticate(subject, "PUK", keys)
  if (!unblocked.ok) return unblocked
  const asked = await askFor(service, settings)
  if (!asked.ok) return asked
  const step = await beginCommand(subject, settings, service)
  if (!step.ok) return refusedWith(step.statusWord)
  const made = await makeCommand(step, keys!, service, asked.pin)
  return made.ok ? sendCommand(subject, step, made.command) : made
}

/** Steps 1 to 3 of iReloadPIN_HSM and iUnblockPIN_HSM (card-commands §14.5). */
async function begin(
  card: CardSession,
  settings: DriverSettings,
  cardInfo: string,
  service: PinService,
): Promise<StepOutput> {
  const prepared = await prepare(card, settings, cardInfo)
  if (!prepared.ok) return prepared
  const { subject } = prepared
  const asked = await askHsm(subject, "PUK", settings)
  if (!asked.ok) return asked
  return {
    ok: true,
    out: asked.out,
    next: async (key = "") => {
      const done = await answerOfHsm(subject, asked.step, key)
      return done.ok ? stepTwo(subject, settings, service) : done
    },
  }
}

/** The PUK is authenticated: asks for the PIN, and tells what the HSM needs for the command. */
async function stepTwo(subject: Subject, settings: DriverSettings, service: PinService): Promise<StepOutput> {
  const asked = await askFor(service, settings)
  if (!asked.ok) return asked
  const step = await beginCommand(subject, settings, service)
  if (!step.ok) return refusedWith(step.statusWord)
  const { pinBlockOnly, hsm } = settings
  const own = pinBlockOnly && hsm ? await makeCommand(step, hsm, service, asked.pin) : undefined
  if (own && !own.ok) return own
  return {
    ok: true,
    out: joinFields(
      algorithmIdentifier(step.algorithm),
      keyAddressOf(keyNamed("PUK"), settings),
      toHex(step.challenge),
      toHex(service.header.subarray(0, 2)),
      own ? "" : asked.pin,
    ),
    next: (key = "") => stepThree(subject, step, service, key === "" ? own?.command : undefined, key),
  }
}

/** Sends the command that the HSM made: 34 digits (3DES) or 50 (SM4) to reload, 18 to unblock. */
async function stepThree(
  subject: Subject,
  step: SecureCommandStep,
  { hasNewPin }: PinService,
  own: Uint8Array | undefined,
  key: string,
): Promise<StepOutput> {
  if (own) return sendCommand(subject, step, own)
  const length = !hasNewPin ? 9 : step.algorithm === "sm4" ? 25 : 17
  const command = parseHex(key, length)
  if (!command.ok) return command
  try {
    return await sendCommand(subject, step, command.bytes)
  } catch (error) {
    // Another command than the one that was asked for.
    if (error instanceof InputError) return fail("UNLAWFUL_DATA")
    throw error
  }
}

type Begin = (card: CardSession, settings: DriverSettings, cardInfo: string) => Promise<StepOutput>
type Serve = (card: CardSession, settings: DriverSettings, cardInfo: string) => Promise<Output>

/** iReloadPIN. */
export const reloadPin: Serve = (card, settings, cardInfo) => serve(card, settings, cardInfo, RELOAD)
/** iUnblockPIN. */
export const unblockPin: Serve = (card, settings, cardInfo) => serve(card, settings, cardInfo, UNBLOCK)
/** iReloadPIN_HSM_Step1. */
export const beginReloadPin: Begin = (card, settings, cardInfo) => begin(card, settings, cardInfo, RELOAD)
/** iUnblockPIN_HSM_Step1. */
export const beginUnblockPin: Begin = (card, settings, cardInfo) => begin(card, settings, cardInfo, UNBLOCK)
