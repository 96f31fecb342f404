import { millisecondsOf } from "../../../dictionary/index.js"
import { addDays } from "../../medical-centre/calendar.js"
import type { Region } from "../../regions/region.js"
import { type BureauRefusal, type BureauStep, Explanation } from "./explain.js"
import { refuse } from "./refusals.js"

type CardRules = Region["card"]

/** The social security function of a card (domain-rules §3.1). */
export type CardServiceState =
  | "notEnabled"
  | "normal"
  | "tempLost"
  | "formallyLost"
  | "pinLocked"
  | "suspended"
  | "cancelled"

/** What the bureau does to a card (domain-rules §3.2). */
export type CardService =
  | "enable"
  | "temporaryLoss"
  | "release"
  | "formalLoss"
  | "replace"
  | "unlock"
  | "suspend"
  | "resume"
  | "cancel"

export type ServiceChannel = "window" | "kiosk" | "app" | "website" | "phone" | "hospital"

export interface CardFacts {
  readonly state: CardServiceState
  /** Business time of the last change of the state. */
  readonly since: { readonly date: string; readonly time: string }
  readonly issuedOn: string
  readonly isReplacing: boolean
  readonly isDeceased: boolean
  readonly holderKind: string
}

export interface CardServiceRequest {
  readonly service: CardService
  readonly channel: ServiceChannel
  readonly isIdentityVerified: boolean
  /** Somebody else acts for the holder. */
  readonly isByAgent?: boolean
  readonly isFeePaid?: boolean
  /** The chip failed by itself. */
  readonly isDefect?: boolean
  /** Medical account and bank account are empty. */
  readonly isSettled?: boolean
}

interface Moment {
  readonly date: string
  readonly time: string
}

const CHANNELS: Readonly<Record<CardService, readonly ServiceChannel[]>> = {
  enable: ["window", "kiosk", "hospital"],
  temporaryLoss: ["window", "kiosk", "app", "website", "phone", "hospital"],
  release: ["window", "kiosk", "app"],
  formalLoss: ["window", "app"],
  replace: ["window", "app"],
  unlock: ["window", "kiosk"],
  suspend: ["window"],
  resume: ["window"],
  cancel: ["window"],
}

const NEXT: Readonly<Record<CardService, readonly [from: readonly CardServiceState[], to: CardServiceState]>> = {
  enable: [["notEnabled"], "normal"],
  temporaryLoss: [["normal", "pinLocked"], "tempLost"],
  release: [["tempLost", "formallyLost"], "normal"],
  formalLoss: [["normal", "pinLocked", "tempLost"], "formallyLost"],
  replace: [["formallyLost", "normal", "pinLocked"], "cancelled"],
  unlock: [["pinLocked"], "normal"],
  suspend: [["normal"], "suspended"],
  resume: [["suspended"], "normal"],
  cancel: [["normal", "pinLocked", "formallyLost", "notEnabled"], "cancelled"],
}

/**
 * The state on a moment: a temporary loss ends by itself at the second at which its days are over (L6), but never revives a
 * card whose replacement is queued (domain-rules §3.4, 2).
 */
export function cardStateAt({ state, since, isReplacing }: CardFacts, now: Moment, rules: CardRules): CardServiceState {
  if (state !== "tempLost" || isReplacing) return state
  const ends = millisecondsOf({ date: addDays(since.date, rules.tempLossDays), time: since.time })
  if (millisecondsOf(now) < ends) return state
  return rules.onTempLossExpiry === "release" ? "normal" : "cancelled"
}

export interface CardServed {
  readonly ok: true
  readonly state: CardServiceState
  readonly steps: readonly BureauStep[]
  /** A replacement is ready on this day. */
  readonly readyOn?: string
}

function refusalOf(
  { service, channel, isIdentityVerified, isByAgent }: CardServiceRequest,
  card: CardFacts,
  rules: CardRules,
): BureauRefusal | undefined {
  if (card.isDeceased && service !== "cancel") return refuse("C07")
  if (!rules.holderKinds.includes(card.holderKind)) return refuse("C12")
  if (!CHANNELS[service].includes(channel)) return refuse("C13", CHANNELS[service].join(", "))
  if (isByAgent && service === "enable" && !rules.agentPickup) return refuse("C03")
  if (!isIdentityVerified) return refuse("C02")
  return card.isReplacing && service !== "enable" ? refuse("C06") : undefined
}

/** Decides a service of the card: first C07, C12, C13, C03, C02, C06, then its state, then fees and balances. */
export function decideCardService(
  request: CardServiceRequest,
  card: CardFacts,
  now: Moment,
  rules: CardRules,
): CardServed | BureauRefusal {
  const { service } = request
  const refused = refusalOf(request, card, rules)
  if (refused) return refused
  const state = cardStateAt(card, now, rules)
  const [from, to] = NEXT[service]
  if (!from.includes(state)) return refuse("C01", state)
  if (service === "release" && state === "formallyLost" && !rules.formalLossRevocable) return refuse("C04")
  const told = new Explanation()
  if (service === "replace") {
    const isFree = request.isDefect === true && now.date <= addDays(card.issuedOn, rules.freeReplaceDefectDays)
    const feeFen = told.money(
      "L9",
      { zh: "补卡费", en: "fee" },
      isFree ? "card.freeReplaceDefectDays" : "card.replaceFee",
      isFree ? rules.freeReplaceDefectDays : rules.replaceFee,
      isFree ? "defect of the chip" : "fee of the region, in fen",
      isFree ? 0n : rules.replaceFee,
    )
    if (feeFen > 0n && !request.isFeePaid) return refuse("C05", String(feeFen))
  }
  if (service === "cancel" && !request.isSettled) return refuse("C11")
  told.figure(
    "domain-rules §3.2",
    { zh: "社保功能状态", en: "social security function" },
    "",
    "",
    `${state} → ${to}`,
    to,
  )
  if (service !== "replace") return { ok: true, state: to, steps: told.steps }
  const days = rules.instantIssue ? 0 : rules.replaceWorkDays
  const readyOn = workDaysAfter(now.date, days)
  const parameter = rules.instantIssue ? "card.instantIssue" : "card.replaceWorkDays"
  told.figure("L9", { zh: "领卡日期", en: "ready on" }, parameter, days, `${now.date} + ${days} d`, readyOn)
  return { ok: true, state: to, readyOn, steps: told.steps }
}

/** A day so many working days later; holidays other than weekends are not known. */
export function workDaysAfter(date: string, days: number): string {
  let day = date
  for (let left = days; left > 0; ) {
    day = addDays(day, 1)
    const weekday = new Date(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00Z`).getUTCDay()
    if (weekday !== 0 && weekday !== 6) left--
  }
  return day
}

export interface PinFacts {
  readonly use: "query" | "transact" | "change"
  readonly isLocked: boolean
  /** The PIN on the card is the one it was issued with. */
  readonly isInitial: boolean
  /** The new PIN, for a change. */
  readonly newPin?: string
}

/** Whether a PIN is good for something: C10, C08, C09 (L4, L11). */
export function decidePin({ use, isLocked, isInitial, newPin }: PinFacts, rules: CardRules): BureauRefusal | undefined {
  if (isLocked) return refuse("C10")
  if (use === "change") return newPin === rules.initialPin ? refuse("C09") : undefined
  if (!isInitial || rules.initialPinMode === "skip" || rules.initialPinMode === "ask") return undefined
  return use === "transact" || rules.initialPinMode === "forceChange" ? refuse("C08") : undefined
}
