import type { BureauCardWrite } from "../../dictionary/index.js"
import type { BankTransaction } from "../store/bank-store.js"
import type { BureauCaseRow, BureauPersonRow } from "../store/bureau-rows.js"
import type { BureauTime } from "./context.js"
import { activeEmployment, factsOf, isPaid } from "./facts.js"
import { type CardFacts, type CardService, type CardServiceState, decideCardService } from "./rules/card.js"
import { type BureauRefusal, type BureauStep, divide } from "./rules/explain.js"
import { decideAppraisal, decideRecognition, injuryBenefits, ownWage } from "./rules/injury.js"
import { decideMaternity } from "./rules/maternity.js"
import { decidePension, type OriginalAge, retirementAge } from "./rules/pension.js"
import { refuse } from "./rules/refusals.js"
import { decideJobRegistration, decideUnemployedRegistration } from "./rules/registration.js"
import { decideSkillSubsidy } from "./rules/training.js"
import { decideUnemployment, type LeavingReason } from "./rules/unemployment.js"
import type { ServiceDetails, ServiceName } from "./service-schemas.js"

/** What a service works with. */
export interface ServiceCase {
  readonly rows: BankTransaction
  readonly person: BureauPersonRow
  readonly time: BureauTime
  /** Affairs of the person that stand, by service. */
  readonly cases: readonly BureauCaseRow[]
  /** Number that the affair will have. */
  readonly id: string
}

/** Granted: the result, why, what is written to the card, and what changes in the person's row in the same step. */
export interface ServiceGranted {
  readonly ok: true
  readonly steps: readonly BureauStep[]
  readonly state?: string
  readonly writes?: readonly BureauCardWrite[]
  readonly changes?: Partial<BureauPersonRow>
  /** Affairs that this one ends. */
  readonly ends?: readonly string[]
}

type Decided = ServiceGranted | BureauRefusal
type Services = {
  readonly [Name in ServiceName]: (details: ServiceDetails<Name>, affair: ServiceCase) => Promise<Decided>
}

/** Services that only tell: nothing is kept but the question. */
export const ESTIMATES: readonly ServiceName[] = ["pension.estimate", "unemployment.estimate", "injury.benefits"]

const find = (cases: readonly BureauCaseRow[], service: ServiceName) =>
  cases.filter((one) => one.service === service).at(-1)

async function pension(details: { readonly from?: string | undefined }, { rows, person, time, cases }: ServiceCase) {
  const facts = await factsOf(rows, person, time)
  const original = person.originalAge as OriginalAge
  const retirement = retirementAge(person.birthDate, original).on
  const from = details.from ?? [retirement, time.date].sort()[1]!
  const { pensionMonths: paidMonths, index, accountFen } = facts
  const isDrawn = find(cases, "pension.claim") !== undefined
  const claim = { birthDate: person.birthDate, original, from, paidMonths, index, accountFen, isDrawn }
  const answer = decidePension(claim, time.region.pension)
  return answer.ok ? { ...answer, from, paidMonths, index, accountFen } : answer
}

async function unemployment(stopEvent: ServiceDetails<"unemployment.claim">["stopEvent"], affair: ServiceCase) {
  const { rows, person, time, cases } = affair
  const registration = find(cases, "jobs.unemployed")
  const request = registration && (JSON.parse(registration.request) as ServiceDetails<"jobs.unemployed">)
  const earlier = find(cases, "unemployment.claim")
  if (earlier) return refuse("D02")
  const last = (await rows.list("bureauEmployments", { person: person.person })).at(-1)
  const facts = await factsOf(rows, person, time)
  return decideUnemployment(
    {
      paidMonths: facts.unemploymentMonths,
      reason: request?.reason ?? ((last?.endReason ?? "endedByEmployer") as LeavingReason),
      ...(registration && { registeredOn: registration.openedOn }),
      endedOn: request?.endedOn ?? last?.endedOn ?? time.date,
      claimedOn: time.date,
      isAccountActive: person.isAccountActive === 1,
      ...(stopEvent && { stopEvent }),
    },
    time.region.unemployment,
  )
}

async function registrationFacts({ rows, person, time }: ServiceCase, isAble: boolean, isSeeking = true) {
  return {
    birthDate: person.birthDate,
    retiresOn: retirementAge(person.birthDate, person.originalAge as OriginalAge).on,
    date: time.date,
    isAble,
    isSeeking,
    isEmployed: (await activeEmployment(rows, person.person)) !== undefined,
  }
}

function cardService(service: CardService) {
  return async (details: ServiceDetails<"card.enable">, { person, time, rows }: ServiceCase): Promise<Decided> => {
    const { newCardNumber, ...request } = details
    const isNewCard = service === "enable" && person.isReplacing === 1
    const facts: CardFacts = {
      state: isNewCard ? "notEnabled" : (person.cardState as CardServiceState),
      since: { date: person.cardSince.slice(0, 8), time: person.cardSince.slice(8) },
      issuedOn: person.cardIssuedOn,
      isReplacing: person.isReplacing === 1,
      isDeceased: person.diedOn !== null,
      holderKind: person.kind,
    }
    if (isNewCard && newCardNumber === undefined) return refuse("D03")
    const answer = decideCardService({ ...request, service }, facts, time, time.region.card)
    if (!answer.ok) return answer
    const cardState = answer.state
    const changes = {
      cardState,
      cardSince: time.date + time.time,
      ...(service === "replace" && { isReplacing: 1 }),
      ...(isNewCard && { isReplacing: 0, cardNumber: newCardNumber!, cardIssuedOn: time.date, hasInitialPin: 1 }),
    }
    // The medical centre shares the database: its settlements look at the same card.
    const insured = await rows.get("insured", person.person)
    if (insured)
      await rows.put("insured", {
        ...insured,
        cardState,
        cardNumber: isNewCard ? newCardNumber! : insured.cardNumber,
        ...(isNewCard && { hasInitialPin: 1 }),
      })
    return { ...answer, state: "done", changes }
  }
}

/** The thirty days by which a month's wage becomes a day's belong to the rule; an employer's average is of its own people. */
async function averageBase({ rows, person, time }: ServiceCase): Promise<bigint | undefined> {
  const employer = (await activeEmployment(rows, person.person))?.employer
  if (employer === undefined) return undefined
  const lastYear = String(Number(time.date.slice(0, 4)) - 1)
  const lines = (await rows.list("bureauLines", { employer, insurance: "310" })).filter(
    (line) => line.month.startsWith(lastYear) && isPaid(line),
  )
  if (lines.length === 0) return undefined
  return divide(
    lines.reduce((sum, { baseFen }) => sum + baseFen, 0n),
    BigInt(lines.length),
  )
}

/** Every service of the bureau for a person, by name. */
export const SERVICES: Services = {
  "pension.estimate": pension,
  async "pension.claim"(details, affair) {
    const answer = await pension(details, affair)
    if (!answer.ok) return answer
    const fields = { pensionDate6E: answer.from }
    return {
      ...answer,
      state: "granted",
      writes: [{ directory: "DF03", fid: 0xef07, fields }],
      changes: { kind: "retiree" },
    }
  },
  async "jobs.register"({ isAble }, affair) {
    const isRegistered = find(affair.cases, "jobs.register") !== undefined
    const facts = { ...(await registrationFacts(affair, isAble)), isRegistered }
    return decideJobRegistration(facts, affair.time.region.registration)
  },
  async "jobs.unemployed"({ isAble, isSeeking, endedOn }, affair) {
    const isRegistered = find(affair.cases, "jobs.unemployed") !== undefined
    if (endedOn > affair.time.date) return refuse("D03")
    const answer = decideUnemployedRegistration({
      ...(await registrationFacts(affair, isAble, isSeeking)),
      isRegistered,
    })
    if (!answer.ok) return answer
    const fields = { registrationCertNumber: affair.id, registrationCertDate: affair.time.date }
    return { ...answer, writes: [{ directory: "DF02", fid: 0xef09, fields }], changes: { kind: "unemployed" } }
  },
  async "jobs.cancel"({ event }, { cases }) {
    const ends = cases.filter(({ service }) => service === "jobs.register" || service === "jobs.unemployed")
    if (ends.length === 0) return refuse("U03")
    return { ok: true, steps: [], state: `cancelled: ${event}`, ends: ends.map(({ id }) => id) }
  },
  "unemployment.estimate": ({ stopEvent }, affair) => unemployment(stopEvent, affair),
  async "unemployment.claim"({ stopEvent }, affair) {
    const answer = await unemployment(stopEvent, affair)
    if (!answer.ok) return answer
    const fields = { unemploymentDate98: `${answer.from}01`, unemploymentDate62: affair.time.date }
    return { ...answer, state: "granted", writes: [{ directory: "DF03", fid: 0xef05, fields }] }
  },
  async "training.enrol"({ course, beginsOn }, { cases, time }) {
    if (beginsOn < time.date) return refuse("T02", beginsOn)
    const isTwice = cases.some(
      ({ service, request }) => service === "training.enrol" && JSON.parse(request).course === course,
    )
    return isTwice ? refuse("G05") : { ok: true, steps: [] }
  },
  async "training.subsidy"(details, { rows, person, time, cases }) {
    const { unemploymentMonths: paidMonths } = await factsOf(rows, person, time)
    const earlier = cases
      .filter(({ service }) => service === "training.subsidy")
      .map(({ request, openedOn }) => {
        const { occupation, level } = JSON.parse(request) as ServiceDetails<"training.subsidy">
        return { occupation, level, paidOn: openedOn }
      })
    const answer = decideSkillSubsidy({ ...details, paidMonths, claimedOn: time.date, earlier }, time.region.training)
    return answer.ok ? { ...answer, state: "granted" } : answer
  },
  async "injury.recognition"(details, { time, id }) {
    const answer = decideRecognition({ ...details, appliedOn: time.date })
    if (!answer.ok) return answer
    const fields = { determinationNumber3B: id, determinationDate3E: time.date }
    return { ...answer, writes: [{ directory: "DF03", fid: 0xef17, fields }] }
  },
  async "injury.appraisal"({ lastOn, ...details }, { time, cases, id }) {
    const isRecognized = find(cases, "injury.recognition") !== undefined
    const answer = decideAppraisal({ ...details, isRecognized, appliedOn: time.date, ...(lastOn && { lastOn }) })
    if (!answer.ok) return answer
    const fields = { appraisalCertNumber: id, appraisalDate: time.date }
    return { ...answer, writes: [{ directory: "DF03", fid: 0xef06, fields }] }
  },
  async "injury.benefits"({ care, ...details }, { rows, person, time, cases }) {
    const recognized = find(cases, "injury.recognition")
    if (!recognized) return refuse("I02")
    const { injuredOn } = JSON.parse(recognized.request) as ServiceDetails<"injury.recognition">
    const bases = (await factsOf(rows, person, time)).basesBefore(injuredOn.slice(0, 6))
    if (bases.length === 0) return refuse("D01")
    const ownWageFen = ownWage(bases, time.region.injury)
    const answer = injuryBenefits({ ...details, ownWageFen, ...(care && { care }) }, time.region.injury)
    return { ...answer, ownWageFen } as Decided
  },
  async "maternity.claim"(details, affair) {
    const average = await averageBase(affair)
    const answer = decideMaternity({ ...details, isInsured: average !== undefined, averageBaseFen: average ?? 0n })
    if (!answer.ok) return answer
    const fields = { maternityDigits51: affair.time.date.slice(0, 6) }
    return { ...answer, state: "granted", writes: [{ directory: "DF03", fid: 0xef16, fields }] }
  },
  async "data.change"({ phone, address }) {
    const fields = { ...(phone && { phone }), ...(address && { residenceAddress: address }) }
    const changes = { ...(phone && { phone }), ...(address && { address }) }
    return { ok: true, steps: [], state: "done", writes: [{ directory: "DF01", fid: 0xef06, fields }], changes }
  },
  "card.enable": cardService("enable"),
  "card.temporaryLoss": cardService("temporaryLoss"),
  "card.release": cardService("release"),
  "card.formalLoss": cardService("formalLoss"),
  "card.replace": cardService("replace"),
  "card.unlock": cardService("unlock"),
  "card.suspend": cardService("suspend"),
  "card.resume": cardService("resume"),
  "card.cancel": cardService("cancel"),
}
