import { concat } from "../../apdu/index.js"
import { checkBankCardNumber } from "../../dictionary/index.js"
import type { CardRow } from "../store/rows.js"
import { activate } from "./activation.js"
import { approve } from "./approval.js"
import { checkIdentity, checkPin, findCard } from "./cardholder.js"
import { type Chip, checkChip, issuerAuthenticationData } from "./chip.js"
import type { Answer, Decision, TerminalRequest } from "./context.js"
import { type FlowRules, flowOf } from "./flows.js"
import { changePin, settlePinChange } from "./pin-change.js"
import { purchase, refund } from "./purchase.js"
import { statement } from "./statement.js"
import { transfer } from "./transfer.js"

const CURRENCY = "156"

/** Who asks for what: steps 5 to 8 passed. */
interface Subject {
  readonly rules: FlowRules
  readonly amountFen: bigint
  readonly card: CardRow
}

/** Step 6: currency, amount, and notes a machine can pay out. */
function amountOf({ fields, data, bank }: TerminalRequest, { amount }: FlowRules): bigint | Answer {
  if (fields[49] !== CURRENCY) return { code: "12" }
  if (amount !== "none" && fields[4] === undefined) return { code: "30" }
  const fen = BigInt(fields[4] ?? 0)
  if (amount === "none") return fen === 0n ? fen : { code: "13" }
  if (fen === 0n || (amount === "notes" && fen % bank.region.bank.noteMultiple !== 0n)) return { code: "13" }
  const counted = data.notes?.reduce((sum, note) => sum + BigInt(note.denominationYuan * note.count) * 100n, 0n)
  return counted === undefined || counted === fen ? fen : { code: "64" }
}

/** Step 7: a chip card is read by its chip; without it only a counter with a supervisor may go on (§4.2, §11.8). */
function checkEntryMode({ fields, data }: TerminalRequest, { chip, flow }: FlowRules): Answer | undefined {
  const mode = fields[22]!.slice(0, 2)
  const isChip = mode === "05" || mode === "07"
  if (isChip || chip === "optional") return undefined
  if (flow === "counterWithdrawal" && data.authorisingTeller !== undefined) return undefined
  return { code: mode === "02" ? "45" : "12" }
}

/** What the fields of this transaction must be there for (code 30 when not). */
function isComplete({ fields }: TerminalRequest, { chip, pin }: FlowRules): boolean {
  const isChip = /^0[57]/.test(fields[22]!)
  const needsChip = chip === "required" && isChip
  return (!needsChip || fields[55] !== undefined) && (!pin || (fields[52] !== undefined && fields[53] !== undefined))
}

async function identify(request: TerminalRequest): Promise<Subject | Answer> {
  const { bank, fields } = request
  if (bank.service !== "open") return { code: bank.service === "cutover" ? "90" : "91" }
  const rules = flowOf(request)
  if ("code" in rules) return rules
  if (!isComplete(request, rules)) return { code: "30" }
  const amountFen = amountOf(request, rules)
  if (typeof amountFen !== "bigint") return amountFen
  if (checkBankCardNumber(fields[2]!) !== undefined) return { code: "14" }
  const entryMode = checkEntryMode(request, rules)
  if (entryMode) return entryMode
  const card = await findCard(request, rules)
  return "code" in card ? card : { rules, amountFen, card }
}

/** Steps 13 to 17: cardholder, limits, balance, posting. */
async function authorise(request: TerminalRequest, subject: Subject, chip?: Chip): Promise<Decision | Answer> {
  const { rules, amountFen } = subject
  const pin = rules.pin ? await checkPin(request, subject.card) : { card: subject.card }
  if (pin.refusal) return pin.refusal
  const identity = checkIdentity(request, rules, pin.card, amountFen)
  if (identity) return identity
  switch (rules.flow) {
    case "transfer":
      return transfer(request, rules, pin.card, amountFen)
    case "purchase":
      return purchase(request, rules, pin.card, amountFen)
    case "refund":
      return refund(request, rules, pin.card, amountFen)
    case "statement":
      return statement(request, rules, pin.card)
    case "pinChange":
      return changePin(request, rules, pin.card, chip)
    default:
      return approve(request, rules, pin.card, amountFen)
  }
}

/** The card may believe an answer only when it carries tag 91: every one after its cryptogram was believed does. */
function withIssuerAuthentication<Kind extends Answer>(
  request: TerminalRequest,
  answer: Kind,
  card: CardRow,
  chip: Chip,
): Kind {
  const data = issuerAuthenticationData(request, card, chip, answer.code)
  const scripts = answer.fields?.[55]
  return { ...answer, fields: { ...answer.fields, 55: scripts ? concat(data, scripts) : data } }
}

const settled = (request: TerminalRequest, card: CardRow, chip: Chip | undefined) =>
  chip ? settlePinChange(request, card, chip) : card

/** Decides a 0200: the issuer's duties 5 to 17 in their order (host-iso8583 §14). */
export async function decide(request: TerminalRequest): Promise<Decision> {
  const subject = await identify(request)
  const amountFen = BigInt(request.fields[4] ?? 0)
  const declined = (answer: Answer, rules?: FlowRules): Decision => ({
    ...answer,
    state: "declined",
    flow: rules?.flow ?? null,
    amountFen,
    entry: null,
  })
  if ("code" in subject) return declined(subject)
  const { rules } = subject
  const complete = (answer: Answer | Decision) => ("state" in answer ? answer : declined(answer, rules))
  if (rules.flow === "activation") return complete(await activate(request, subject.card))
  if (request.fields[55] === undefined) return complete(await authorise(request, subject))
  const { card, chip, refusal } = await checkChip(request, subject.card)
  const answer = refusal ?? (await authorise(request, { ...subject, card: await settled(request, card, chip) }, chip))
  return complete(chip ? withIssuerAuthentication(request, answer, card, chip) : answer)
}
