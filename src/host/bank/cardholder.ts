import { encodePrivateData, securityControl } from "../../dictionary/index.js"
import type { CardRow } from "../store/rows.js"
import { isExpired, stateCode } from "./card-state.js"
import type { Answer, TerminalRequest } from "./context.js"
import type { FlowRules } from "./flows.js"
import { bankDay } from "./time.js"

const HOUR_MILLISECONDS = 3_600_000

/** The same card without wrong tries that a new day or the time passed has wiped out (domain-rules L11). */
function withTriesForgiven(card: CardRow, { bank, time }: TerminalRequest): CardRow {
  if (card.pinTriesAt === null) return card
  const { bankPinCounter, bankPinAutoReleaseHours } = bank.region.card
  const last = Date.parse(card.pinTriesAt)
  const isNewDay = bankPinCounter === "daily" && card.state !== "pinLocked" && bankDay(last) !== time.day
  const hours = (time.milliseconds - last) / HOUR_MILLISECONDS
  const isReleased = bankPinAutoReleaseHours !== null && card.state === "pinLocked" && hours >= bankPinAutoReleaseHours
  if (!isNewDay && !isReleased) return card
  return { ...card, state: isReleased ? "active" : card.state, pinTries: 0, pinTriesAt: null }
}

/** Steps 7 and 8: the card is ours, and neither closed, lost, blocked nor expired (host-iso8583 §14). */
export async function findCard(request: TerminalRequest, rules: FlowRules): Promise<CardRow | Answer> {
  const { bank, rows, fields, time } = request
  const stored = await rows.get("cards", fields[2]!)
  if (!stored) return { code: bank.issuedPrefixes.includes(fields[2]!.slice(0, 6)) ? "14" : "15" }
  const card = withTriesForgiven(stored, request)
  const code = stateCode(card, bank.region)
  const isExcused =
    (rules.worksWithLockedPin && card.state === "pinLocked") ||
    (rules.flow === "activation" && (card.state === "notActivated" || card.state === "activating"))
  if (code !== undefined && (card.listedCode !== null || !isExcused)) return { code }
  if (isExpired(card.expiry, time) || (fields[14] !== undefined && isExpired(fields[14], time))) return { code: "54" }
  return card
}

/** DE53: PIN block with the PAN in it, under the cipher of this terminal (host-iso8583 §4.4). */
export function isPinFormatRight({ fields, terminal }: TerminalRequest): boolean {
  const control = securityControl(fields[53] ?? "")
  return control?.withPan === true && control.cipher === terminal.algorithm
}

/**
 * Step 13: the PIN. Tries count in the transaction that answers, so that no answer tells of a try which was not counted.
 *
 * @returns the card as it stands after this try, and the refusal: 99, 55 or 75 with the tries left
 */
export async function checkPin(request: TerminalRequest, card: CardRow): Promise<{ card: CardRow; refusal?: Answer }> {
  const { bank, rows, fields, keys, time } = request
  const limit = bank.region.card.bankPinTries
  if (!isPinFormatRight(request)) return { card, refusal: { code: "99" } }
  const pin = { pinKey: keys.pinKey, block: fields[52]!, pan: card.pan }
  const outcome = bank.hsm.checkPin(pin, card.pinVerifier)
  if (outcome === "undecodable") return { card, refusal: { code: "99" } }
  if (outcome === "right") {
    if (card.pinTries === 0) return { card }
    const cleared = { ...card, pinTries: 0, pinTriesAt: null }
    await rows.put("cards", cleared)
    return { card: cleared }
  }
  const pinTries = card.pinTries + 1
  const isLocked = pinTries >= limit
  const counted: CardRow = { ...card, pinTries, pinTriesAt: time.at, state: isLocked ? "pinLocked" : card.state }
  await rows.put("cards", counted)
  const fieldsOfAnswer = { 48: encodePrivateData({ pinTriesLeft: Math.max(0, limit - pinTries) }) }
  return { card: counted, refusal: { code: isLocked ? "75" : "55", fields: fieldsOfAnswer } }
}

/** True when DE48 names the card's holder by document; the name is compared where it is given. */
export function isHolder(card: CardRow, { data }: Pick<TerminalRequest, "data">): boolean {
  const { documentType, identityNumber, name } = data
  return (
    documentType === card.idType &&
    identityNumber?.toUpperCase() === card.idNumber.toUpperCase() &&
    (name === undefined || name.trim() === card.holderName)
  )
}

/**
 * Step 14 and the rules for large amounts at a counter (host-iso8583 §11.8): the holder's document (05), a second
 * person (63).
 */
export function checkIdentity(
  request: TerminalRequest,
  rules: FlowRules,
  card: CardRow,
  amountFen: bigint,
): Answer | undefined {
  const isCounter = rules.flow === "counterWithdrawal" || rules.flow === "counterDeposit"
  if (!isCounter || amountFen < request.bank.region.bank.counterIdFrom) return undefined
  if (!isHolder(card, request)) return { code: "05" }
  const needsSecond = rules.flow === "counterWithdrawal" && request.data.authorisingTeller === undefined
  return needsSecond ? { code: "63" } : undefined
}
