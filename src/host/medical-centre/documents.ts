import { z } from "zod"
import { InputError } from "../../apdu/index.js"
import type { MedicalCentre } from "./centre.js"
import type { Enrolled, Provider, VisitRequest } from "./enrolment.js"
import type { SettlementRequest } from "./settlement/request.js"
import { applicationSchema, type WithdrawalApplication } from "./withdrawal/application.js"

const text = z.string().trim().min(1).max(200)
const day = z.union([z.iso.date(), z.string().regex(/^\d{8}$/)]).transform((written) => written.replaceAll("-", ""))
const yuan = z
  .union([z.number(), z.string().regex(/^\d{1,10}(\.\d{1,2})?$/)])
  .transform((value) => Number(value))
  .refine((value) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-4, "expected yuan with at most two decimals")
  .transform((value) => BigInt(Math.round(value * 100)))

const insured = z.strictObject({
  person: text,
  name: text,
  kind: z.enum(["employee", "unemployed", "retiree"]),
  insuredFrom: day,
  cardNumber: text,
  isCivilServant: z.boolean().optional(),
  getsAid: z.boolean().optional(),
  employer: text.optional(),
  /** Day from which the insurance is stopped. */
  stoppedOn: day.optional(),
  /** Months whose premiums arrived: what fills the personal account. */
  premiums: z.array(z.strictObject({ month: z.string().regex(/^\d{6}$/), wage: yuan.optional() })).default([]),
})

const provider = z.strictObject({
  code: text,
  name: text,
  kind: z.enum(["hospital", "community", "pharmacy"]),
  level: z.enum(["1", "2", "3"]).default("1"),
})

const line = z.strictObject({
  code: text,
  category: z.enum(["drug", "item", "facility"]).default("drug"),
  class: z.enum(["A", "B", "C"]),
  fee: yuan,
  ceiling: yuan.optional(),
  /** First own share of this line alone, 0 to 1. */
  firstShare: z.number().min(0).max(1).optional(),
})

const bill = z.strictObject({
  serial: text,
  insured: insured.optional(),
  provider: provider.optional(),
  visit: z.strictObject({
    /** Number of a visit; with everything else missing, one that is registered. */
    id: text.optional(),
    person: text.optional(),
    provider: text.optional(),
    care: z.enum(["inpatient", "outpatient", "pharmacy"]).default("outpatient"),
    cause: z.enum(["illness", "workInjury", "thirdParty"]).default("illness"),
    beganOn: day.optional(),
  }),
  lines: z.array(line).min(1).max(1000),
  useAccount: z.boolean().default(true),
  /** What the terminal says that sent the bill; with a card the card says it. */
  pinVerified: z.boolean().default(false),
})

const withdrawal = applicationSchema.extend({ insured: insured.optional() })

type InsuredDocument = z.output<typeof insured>

/** A bill as a file holds it: who, where, which visit, which lines; amounts in yuan. */
export interface BillDocument {
  readonly insured?: InsuredDocument | undefined
  readonly provider?: Provider | undefined
  readonly visit: VisitRequest & { readonly id: string }
  readonly request: SettlementRequest
}

function parse<Schema extends z.ZodType>(schema: Schema, name: string, json: unknown): z.output<Schema> {
  const result = schema.safeParse(json)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  throw new InputError([name, ...issue.path].join("."), issue.message)
}

/** Reads a bill. @throws {InputError} naming the field that is missing, unknown or wrong */
export function parseBill(json: unknown): BillDocument {
  const { serial, visit, lines, useAccount, pinVerified, ...rest } = parse(bill, "bill", json)
  const person = visit.person ?? rest.insured?.person
  const providerCode = visit.provider ?? rest.provider?.code
  const id = visit.id ?? serial
  if (visit.id === undefined && (person === undefined || providerCode === undefined))
    throw new InputError("bill.visit", "expected the id of a registered visit, or insured and provider")
  return {
    insured: rest.insured,
    provider: rest.provider,
    visit: {
      id,
      person: person ?? "",
      provider: providerCode ?? "",
      care: visit.care,
      cause: visit.cause,
      ...(visit.beganOn !== undefined && { beganOn: visit.beganOn }),
    },
    request: {
      serial,
      visit: id,
      lines: lines.map(({ code, category, class: costClass, fee, ceiling, firstShare }) => ({
        code,
        category,
        class: costClass,
        feeFen: fee,
        ...(ceiling !== undefined && { ceilingFen: ceiling }),
        ...(firstShare !== undefined && { firstShare: Math.round(firstShare * 10_000) }),
      })),
      useAccount,
      pinVerified,
    },
  }
}

/** Reads the documents of a withdrawal: the application, and who is insured where the centre does not know him yet. */
export function parseWithdrawal(json: unknown): {
  insured?: InsuredDocument | undefined
  application: WithdrawalApplication
} {
  const { insured: person, ...application } = parse(withdrawal, "application", json)
  return { insured: person, application }
}

/** Takes a person of a document into the records, with the premiums that arrived; who is known stays as he is. */
export async function enrolDocument(centre: MedicalCentre, document: InsuredDocument): Promise<Enrolled> {
  const { stoppedOn, premiums, ...person } = document
  const known = await centre.findInsured({ person: person.person })
  const enrolled: Enrolled = known ? { ok: true, number: known.number } : await centre.insure(person)
  if (!enrolled.ok) return enrolled
  for (const { month, wage } of premiums)
    await centre.creditMonth({ person: person.person, month, ...(wage !== undefined && { wageFen: wage }) })
  if (stoppedOn !== undefined) await centre.changeInsured(person.person, { state: "3", stoppedOn })
  return enrolled
}

/** Registers the visit of a bill, unless it is. @returns a refusal, or undefined when the bill may be settled */
export async function registerDocument(centre: MedicalCentre, { provider: place, visit }: BillDocument) {
  if (await centre.findVisit(visit.id)) return undefined
  if (place) await centre.addProvider(place)
  const registered = await centre.registerVisit(visit)
  return registered.ok ? undefined : registered
}
