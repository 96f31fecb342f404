import { bcdLeft, concat, hex, InputError, toHex, uint16 } from "../../apdu/index.js"
import type { Algorithm } from "../../crypto/index.js"
import {
  algorithmOf,
  type CardFactors,
  type CardKeyService,
  documentField,
  documentOf,
  factorsOf,
  type KeyAnswer,
  type KeyDefinition,
  type KeyServiceName,
  keyNamed,
  keyRefusal,
  type MedicalKeyService,
} from "../../dictionary/index.js"

export interface DialogueContext {
  readonly keys: CardKeyService
  readonly keyAt: (address: string, service: KeyServiceName) => KeyDefinition | undefined
  readonly medicalKeys: MedicalKeyService
}

type Input = KeyAnswer<{ readonly input: string }>
type Step = (fields: readonly string[], factors: () => CardFactors, context: DialogueContext) => Promise<Input>

/** What each step's output is answered with (driver-api §5.2, §5.3; card-commands §14.3-§14.5). */
const STEPS: Readonly<Record<string, Step>> = {
  iReadCardBas_HSM_Step1: readBasicData,
  iReadCard_HSM_Step1: authenticate,
  iWriteCard_HSM_Step1: authenticate,
  iReloadPIN_HSM_Step1: authenticate,
  iUnblockPIN_HSM_Step1: authenticate,
  iReloadPIN_HSM_Step2: reloadPin,
  iUnblockPIN_HSM_Step2: unblockPin,
  iDoDebit_HSM_Step1: debit,
}

/** Answers one step's output. @throws {InputError} naming the field, or the place in `output`, that is wrong */
export async function answerStep(json: unknown, context: DialogueContext): Promise<Input> {
  const document = documentOf(json)
  const name = documentField(document, "step", /^\w{1,40}$/, "the name of a function")
  const step = Object.hasOwn(STEPS, name) ? STEPS[name] : undefined
  if (!step) throw new InputError("step", `expected one of ${Object.keys(STEPS).join(", ")}`)
  const output = documentField(document, "output", /^[\x20-\x7e]{1,512}$/, "the output of that function")
  return step(output.split("|"), () => factorsOf(document), context)
}

const HEX_16 = /^[0-9A-Fa-f]{16}$/

/** `region|ATR|alg|card id|R1|R2|R3|R4|` to `internalResult|externalData|`. */
async function readBasicData(fields: readonly string[], _: unknown, { keys }: DialogueContext): Promise<Input> {
  const factors = factorsOf({ aab301: fields[0], aaz507: fields[1] })
  const algorithm = algorithmAt(fields, 2)
  const [factor, original] = [randomAt(fields, 4), randomAt(fields, 5)]
  // R3 is the last challenge drawn, R4 the one before; cards below 3.00 ask for no external authentication.
  const external = fields[6] ? { challenge: randomAt(fields, 6), previous: randomAt(fields, 7) } : undefined
  if (algorithm === undefined) return keyRefusal("ALGORITHM_NOT_SUPPORTED", "SSF33")
  const request = { algorithm, factors }
  const proof = await keys.internalAuthentication({ ...request, key: keyNamed("IRK"), factor, original })
  if (!proof.ok) return proof
  const internal = toHex(algorithm === "3des" ? concat(proof.proof, original) : proof.proof)
  if (!external) return { ok: true, input: `${internal}||` }
  const answer = await keys.externalAuthentication({ ...request, key: keyNamed("RKssse"), ...external })
  return answer.ok ? { ok: true, input: `${internal}|${toHex(answer.data)}|` } : answer
}

/** `alg|keyAddress|R1|R2|` to the data of EXTERNAL AUTHENTICATE, 32 digits. */
async function authenticate(
  fields: readonly string[],
  factors: () => CardFactors,
  { keys, keyAt }: DialogueContext,
): Promise<Input> {
  const algorithm = algorithmAt(fields, 0)
  const key = keyAt(addressAt(fields, 1), "externalAuthentication")
  const values = { challenge: randomAt(fields, 2), previous: randomAt(fields, 3), factors: factors() }
  if (algorithm === undefined) return keyRefusal("ALGORITHM_NOT_SUPPORTED", "SSF33")
  if (key === undefined) return keyRefusal("KEY_UNKNOWN", fields[1])
  const answer = await keys.externalAuthentication({ key, algorithm, ...values })
  return answer.ok ? { ok: true, input: toHex(answer.data) } : answer
}

/** `alg|keyAddress|R|header|PIN|` to the whole PIN RELOAD. */
function reloadPin(fields: readonly string[], factors: () => CardFactors, context: DialogueContext): Promise<Input> {
  const pin = fieldAt(fields, 4, /^\d{4,12}$/, "a PIN of 4 to 12 digits")
  const bytes = bcdLeft(pin, Math.ceil(pin.length / 2), "output")
  return pinMessage(fields, factors, context, 0x01, concat(bytes.length, bytes))
}

/** `alg|keyAddress|R|header|` to the whole PIN UNBLOCK. */
function unblockPin(fields: readonly string[], factors: () => CardFactors, context: DialogueContext): Promise<Input> {
  return pinMessage(fields, factors, context, 0x00, new Uint8Array(0))
}

async function pinMessage(
  fields: readonly string[],
  factors: () => CardFactors,
  { keys, keyAt }: DialogueContext,
  p2: number,
  data: Uint8Array,
): Promise<Input> {
  const algorithm = algorithmAt(fields, 0)
  const key = keyAt(addressAt(fields, 1), "secureCommand")
  const challenge = randomAt(fields, 2)
  // One driver names 84D4 where it means PIN RELOAD (card-commands §5.3): what it names is what it sends.
  const instruction = hex(fieldAt(fields, 3, /^84(24|D4)$/i, "8424 or 84D4"))
  const request = { challenge, header: concat(instruction, 0x00, p2), data, encipher: data.length > 0 }
  const card = factors()
  if (algorithm === undefined) return keyRefusal("ALGORITHM_NOT_SUPPORTED", "SSF33")
  if (key === undefined) return keyRefusal("KEY_UNKNOWN", fields[1])
  const answer = await keys.secureCommand({ key, algorithm, factors: card, ...request })
  return answer.ok ? { ok: true, input: toHex(answer.command) } : answer
}

/**
 * `alg|keyAddress|random|number|personal|pooled|type and terminal|date and time|` to `0000number|date and time|MAC1|`
 * (card-commands §10.2): the terminal's number is the card's.
 */
async function debit(
  fields: readonly string[],
  factors: () => CardFactors,
  { medicalKeys }: DialogueContext,
): Promise<Input> {
  const algorithm = algorithmAt(fields, 0)
  const at = (index: number, length: number) =>
    fieldAt(fields, index, new RegExp(`^[0-9A-Fa-f]{${length}}$`), `${length} hexadecimal digits`)
  const [random, number] = [hex(at(2, 8)), Number.parseInt(at(3, 4), 16)]
  const [personalFen, pooledFen] = [Number.parseInt(at(4, 8), 16), Number.parseInt(at(5, 8), 16)]
  const terminal = hex(fieldAt(fields, 6, /^35\d{12}$/, "35 and a terminal number of 12 digits").slice(2))
  const dateTime = hex(fieldAt(fields, 7, /^\d{14}$/, "14 digits"))
  const payment = { random, number, terminalSequence: number, personalFen, pooledFen, terminal, dateTime }
  const card = factors()
  if (algorithm === undefined) return keyRefusal("ALGORITHM_NOT_SUPPORTED", "SSF33")
  const answer = await medicalKeys.authorizeDebit({ ...payment, algorithm, factors: card })
  if (!answer.ok) return answer
  return { ok: true, input: `0000${toHex(uint16(number))}|${fields[7]}|${toHex(answer.mac1)}|` }
}

function algorithmAt(fields: readonly string[], index: number): Algorithm | undefined {
  return algorithmOf(fieldAt(fields, index, /^0[123]$/, "01, 02 or 03"))
}

const randomAt = (fields: readonly string[], index: number) =>
  hex(fieldAt(fields, index, HEX_16, "16 hexadecimal digits"))

const addressAt = (fields: readonly string[], index: number) =>
  fieldAt(fields, index, /^[0-9A-Fa-f]{4}([0-9A-Fa-f]{2})?$/, "4 or 6 hexadecimal digits")

/** Part of the output by its place. @throws {InputError} field `output`; the value is not repeated */
function fieldAt(fields: readonly string[], index: number, form: RegExp, expected: string): string {
  const value = fields[index]
  if (value !== undefined && form.test(value)) return value
  throw new InputError("output", `expected ${expected} as part ${index + 1}`)
}
