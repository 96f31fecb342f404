import { addMonths, ageOn } from "../../medical-centre/calendar.js"
import type { Region } from "../../regions/region.js"
import { type BureauRefusal, type BureauStep, Explanation } from "./explain.js"
import { refuse } from "./refusals.js"

type RegistrationRules = Region["registration"]

/** The age from which the law lets a person work. */
const WORKING_AGE = 16

export interface RegistrationFacts {
  readonly birthDate: string
  /** First day of the statutory pension. */
  readonly retiresOn: string
  readonly date: string
  readonly isAble: boolean
  readonly isSeeking: boolean
  readonly isEmployed: boolean
  readonly isRegistered: boolean
}

/** Registered, until a day where there is one. */
export interface Registered {
  readonly ok: true
  readonly on: string
  readonly until?: string
  readonly steps: readonly BureauStep[]
}

function personRefusal({
  birthDate,
  retiresOn,
  date,
  isAble,
  isSeeking,
}: RegistrationFacts): BureauRefusal | undefined {
  if (ageOn(birthDate, date) < WORKING_AGE || date >= retiresOn) return refuse("G01")
  if (!isAble) return refuse("G02")
  return isSeeking ? undefined : refuse("G03")
}

/** R18: registration as unemployed (domain-rules §12). */
export function decideUnemployedRegistration(facts: RegistrationFacts): Registered | BureauRefusal {
  const refused = personRefusal(facts)
  if (refused) return refused
  if (facts.isEmployed) return refuse("G04")
  if (facts.isRegistered) return refuse("G05")
  const told = new Explanation()
  told.figure(
    "R18, domain-rules §12",
    { zh: "失业登记", en: "registered as unemployed" },
    "",
    "",
    "working age, able, seeking, unemployed",
    facts.date,
  )
  return { ok: true, on: facts.date, steps: told.steps }
}

/** R18: registration of somebody who seeks work, employed or not; valid so many months. */
export function decideJobRegistration(facts: RegistrationFacts, rules: RegistrationRules): Registered | BureauRefusal {
  const refused = personRefusal(facts)
  if (refused) return refused
  if (facts.isRegistered) return refuse("G05")
  const told = new Explanation()
  const until = addMonths(facts.date, rules.jobSeekMonths)
  told.figure(
    "R18, domain-rules §12",
    { zh: "求职登记有效期至", en: "job registration valid until" },
    "registration.jobSeekMonths",
    rules.jobSeekMonths,
    `${facts.date} + ${rules.jobSeekMonths} m`,
    until,
  )
  return { ok: true, on: facts.date, until, steps: told.steps }
}

/** What cancels a registration at once (domain-rules §12). */
export const CANCELLING_EVENTS = [
  "employed",
  "selfEmployed",
  "retired",
  "lostCapacity",
  "inSchool",
  "military",
  "imprisoned",
  "settledAbroad",
  "dead",
] as const

export interface RegistrationLife {
  readonly event?: (typeof CANCELLING_EVENTS)[number]
  readonly lastContactOn: string
  readonly refusedOffers: number
  readonly date: string
}

/** Why a registration ends on a day; undefined while it stands. */
export function cancellationOf(life: RegistrationLife, rules: RegistrationRules): string | undefined {
  if (life.event) return life.event
  if (life.date > addMonths(life.lastContactOn, rules.noContactMonths)) return "noContact"
  return life.refusedOffers >= rules.maxRefusals ? "maxRefusals" : undefined
}
