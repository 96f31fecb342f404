import type { Label, WithdrawalCode } from "../../../dictionary/index.js"
import type { InsuredRow } from "../../store/medical-rows.js"
import { addDays, addMonths } from "../calendar.js"
import type { CentreTime } from "../context.js"
import { decideMedicalWithdrawal } from "../decide-withdrawal.js"
import type { Evidence, Heir, WithdrawalApplication } from "./application.js"
import { faultOfAgreement, faultOfHeirs } from "./heirs.js"

/** What is known about a case when its reasons are looked for. */
export interface WithdrawalFacts {
  readonly application: WithdrawalApplication
  readonly insured: InsuredRow | undefined
  /** Another case of the same person that was paid, or is on its way. */
  readonly hasOtherCase: boolean
  /** What the share of data with civil affairs, police and immigration says about the event. */
  readonly isEventContradicted: boolean
  readonly hasOpenBills: boolean
  readonly frozenOn: string | null
  /** Whether every account that shall be paid to takes the money; undefined while nobody asked. */
  readonly acceptsPayees: boolean | undefined
  readonly balanceFen: bigint
}

/** Why a case does not go on. */
export interface WithdrawalFault extends Label {
  readonly missing?: readonly string[]
  /** First day on which it may go on, YYYYMMDD. */
  readonly until?: string
}

/** One reason to look for, and the parameter of the region that decides. */
export interface WithdrawalCheck {
  readonly code: WithdrawalCode
  readonly rule: string
  readonly parameter: string
  find(facts: WithdrawalFacts, time: CentreTime): WithdrawalFault | undefined
}

const isDeath = ({ application }: WithdrawalFacts) => application.condition === "DEATH"
const isWithoutHeir = ({ heirs, applicant }: WithdrawalApplication) => heirs.length === 0 && applicant.role === "agency"

/** The first decision, which terminals ask for as well: whose account, where, why, with which papers (R7 to R11). */
function firstDecision({ application }: WithdrawalFacts, { region: { withdraw } }: CentreTime) {
  const { account, channel, condition, evidence, materials } = application
  const proved = withdraw.commitmentReplacesRelationProof && materials.includes("commitment") ? ["relationProof"] : []
  const needed = condition === undefined ? [] : (withdraw.otherMaterials[condition] ?? [])
  const byAgent = application.applicant.role === "agent" ? [...needed, "mandate"] : needed
  // Nobody inherits: the agency itself applies, and there is nobody to prove a kinship or to name an account.
  const wanted = isWithoutHeir(application) ? needed.filter((material) => material === "applicationForm") : byAgent
  const rules = { ...withdraw, otherMaterials: condition === undefined ? {} : { [condition]: wanted } }
  const request = { account, channel, evidence: evidence.map(({ type }) => type), materials: [...materials, ...proved] }
  return decideMedicalWithdrawal(condition === undefined ? request : { ...request, condition }, rules)
}

function decided(code: WithdrawalCode): WithdrawalCheck["find"] {
  return (facts, time) => {
    const decision = firstDecision(facts, time)
    if (decision.allowed || decision.code !== code) return undefined
    return { ...decision.reason, ...(decision.missing && { missing: decision.missing }) }
  }
}

function leavesForGood(facts: WithdrawalFacts, time: CentreTime): WithdrawalFault | undefined {
  const isForGood = facts.application.evidence.every(({ purpose }) => purpose === "settlement")
  if (isDeath(facts) || isForGood) return decided("W02")(facts, time)
  return { zh: "出国旅游、学习、外派不属于出境定居", en: "travel, study and posting are not settling abroad" }
}

function faultOfEvidence(paper: Evidence, insured: InsuredRow, { date }: CentreTime): WithdrawalFault | undefined {
  if (paper.result === "forged") return { zh: "证明材料不真实", en: "a paper is not genuine" }
  if (paper.holderId.toUpperCase() !== insured.person || paper.holderName !== insured.name)
    return { zh: "证明材料姓名或证件号与参保人不符", en: "name or number on a paper is not that of the insured" }
  if (paper.issuedOn > date || paper.eventOn > paper.issuedOn || paper.eventOn < insured.birthDate)
    return { zh: "证明材料日期不合理", en: "the dates on a paper cannot be" }
  return undefined
}

function validEvidence(facts: WithdrawalFacts, time: CentreTime): WithdrawalFault | undefined {
  const { application, insured, isEventContradicted } = facts
  if (!insured) return { zh: "参保人不存在", en: "nobody of this number is insured here" }
  for (const paper of application.evidence) {
    const fault = faultOfEvidence(paper, insured, time)
    if (fault) return fault
  }
  const days = new Set(application.evidence.map(({ eventOn }) => eventOn))
  if (days.size > 1) return { zh: "证明材料相互矛盾", en: "the papers contradict one another" }
  const isKnownDead = insured.diedOn !== null
  if (isEventContradicted || (isKnownDead && (!isDeath(facts) || !days.has(insured.diedOn!))))
    return { zh: "与核查结果不一致", en: "the records of other authorities say otherwise" }
  return undefined
}

function entitled(facts: WithdrawalFacts, { date, region: { withdraw } }: CentreTime): WithdrawalFault | undefined {
  const { application } = facts
  const { applicant, person } = application
  if (isDeath(facts))
    return isWithoutHeir(application)
      ? undefined
      : faultOfHeirs(application, date, withdraw.commitmentReplacesRelationProof)
  if (applicant.role === "self" && applicant.id.toUpperCase() === person) return undefined
  if (applicant.role === "agent" && withdraw.agentForEmigration) return undefined
  return { zh: "须由参保人本人申请", en: "the insured himself has to apply" }
}

function stopped({ insured }: WithdrawalFacts): WithdrawalFault | undefined {
  return insured?.state === "1" ? { zh: "尚未办理停保", en: "the insurance is not stopped" } : undefined
}

/** The first day on which an approved case may be paid, by the region's waiting periods. */
export function earliestPayment(
  { insured, frozenOn }: WithdrawalFacts,
  { date, region: { withdraw } }: CentreTime,
): string {
  const stoppedOn = insured?.stoppedOn ?? date
  const days = [addDays(stoppedOn, withdraw.waitDays), addDays(frozenOn ?? date, withdraw.objectionDays)]
  if (withdraw.payFromDayOfNextMonth !== null)
    days.push(`${addMonths(stoppedOn, 1).slice(0, 6)}${String(withdraw.payFromDayOfNextMonth).padStart(2, "0")}`)
  return days.sort().at(-1)!
}

function waited(facts: WithdrawalFacts, time: CentreTime): WithdrawalFault | undefined {
  const until = earliestPayment(facts, time)
  if (time.date >= until) return undefined
  return { zh: `等待期未满,${until} 起可支付`, en: `the waiting period lasts until ${until}`, until }
}

/** Who gets a payment, and the account he named. */
export function payeesOf({ heirs, payee, person, applicant }: WithdrawalApplication) {
  if (heirs.length === 0) return payee ? [{ id: person, name: applicant.name, payee }] : []
  return heirs.filter(({ consent }) => consent === "agrees").map((heir: Heir) => ({ ...heir, payee: heir.payee }))
}

function payable(facts: WithdrawalFacts): WithdrawalFault | undefined {
  const { application, insured, acceptsPayees } = facts
  if (isWithoutHeir(application)) return undefined
  const payees = payeesOf(application)
  const isNamed = payees.every(({ payee, name, ...person }) => {
    const guardian = "guardian" in person ? person.guardian?.name : undefined
    const owner = isDeath(facts) ? name : insured?.name
    return payee !== undefined && (payee.accountName === owner || payee.accountName === guardian)
  })
  if (payees.length > 0 && isNamed && acceptsPayees !== false) return undefined
  return { zh: "收款账户无效或户名不符", en: "a payee's account is invalid, or another's" }
}

/** The reasons in the order of domain-rules §8.4, by the step of the case that looks for them. */
export const CHECKS = {
  submit: [
    { code: "W01", rule: "R7", parameter: "", find: decided("W01") },
    { code: "W13", rule: "R11", parameter: "withdraw.applyAt", find: decided("W13") },
    { code: "W02", rule: "R8", parameter: "withdraw.conditions", find: leavesForGood },
    {
      code: "W10",
      rule: "domain-rules §8.4",
      parameter: "",
      find: ({ hasOtherCase, insured }) =>
        hasOtherCase || insured?.account === "closed"
          ? { zh: "已支付或正在办理", en: "paid already, or another case is on its way" }
          : undefined,
    },
    { code: "W03", rule: "R9, R10", parameter: "withdraw.otherMaterials", find: decided("W03") },
  ],
  verify: [
    { code: "W04", rule: "domain-rules §8.3", parameter: "withdraw.deathEvidence", find: validEvidence },
    { code: "W05", rule: "R9, R10", parameter: "withdraw.agentForEmigration", find: entitled },
    {
      code: "W06",
      rule: "domain-rules §8.2",
      parameter: "",
      find: (facts) =>
        isDeath(facts) && !isWithoutHeir(facts.application) ? faultOfAgreement(facts.application) : undefined,
    },
  ],
  freeze: [
    { code: "W08", rule: "domain-rules §8.1", parameter: "", find: stopped },
    {
      code: "W07",
      rule: "domain-rules §8.1",
      parameter: "",
      find: ({ hasOpenBills }) =>
        hasOpenBills ? { zh: "尚有费用未结算", en: "bills are not settled yet" } : undefined,
    },
  ],
  approve: [
    { code: "W11", rule: "domain-rules §8.2", parameter: "withdraw.waitDays", find: waited },
    { code: "W12", rule: "domain-rules §8.3", parameter: "withdraw.payTo", find: payable },
    {
      code: "W09",
      rule: "domain-rules §8.4",
      parameter: "",
      find: ({ balanceFen }) => (balanceFen === 0n ? { zh: "账户余额为零", en: "the balance is zero" } : undefined),
    },
  ],
} as const satisfies Readonly<Record<string, readonly WithdrawalCheck[]>>
