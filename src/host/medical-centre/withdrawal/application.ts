import { z } from "zod"
import { InputError } from "../../../apdu/index.js"
import { checkCitizenId } from "../../../dictionary/index.js"

/** A day in a document: 2025-06-10 or 20250610; eight digits behind the schema. */
const day = z.union([z.iso.date(), z.string().regex(/^\d{8}$/)]).transform((text) => text.replaceAll("-", ""))
const text = z.string().trim().min(1).max(200)
const citizenId = z
  .string()
  .transform((id) => id.toUpperCase())
  .refine((id) => checkCitizenId(id, { synthetic: true }) === undefined, "expected a citizen identity number")

const EVIDENCE_TYPES = [
  "DEATH_MEDICAL",
  "DEATH_CREMATION",
  "HUKOU_CANCEL",
  "EMPLOYER_PROOF",
  "COURT_DECLARATION",
  "EXIT_CERT",
  "IMMIGRATION_PROOF",
  "FOREIGN_RESIDENCE",
  "PASSPORT",
] as const

const evidence = z.strictObject({
  type: z.enum(EVIDENCE_TYPES),
  number: text,
  issuer: text,
  issuedOn: day,
  /** Day of the death or of the leave. */
  eventOn: day,
  holderId: text,
  holderName: text,
  /** Why he leaves, for papers of exit: only settling abroad counts (domain-rules §1.2). */
  purpose: z.enum(["settlement", "travel", "study", "posting"]).default("settlement"),
  /** What whoever checked the paper found; `unchecked` is what a person hands in. */
  result: z.enum(["genuine", "forged", "unchecked"]).default("unchecked"),
})

const payee = z.strictObject({
  accountNumber: z.string().regex(/^\d{8,32}$/, "expected 8 to 32 digits"),
  accountName: text,
})

const heir = z.strictObject({
  name: text,
  id: citizenId,
  kinship: z.enum(["SPOUSE", "CHILD", "PARENT", "SIBLING", "GRANDPARENT", "GRANDCHILD", "OTHER"]),
  proof: z.enum(["HUKOU", "MARRIAGE", "BIRTH", "ADOPTION", "NOTARY", "COURT", "COMMITMENT"]),
  /** Named by a will or bequest, which a notary or court confirms. */
  isWilled: z.boolean().default(false),
  consent: z.enum(["agrees", "waives", "disagrees", "absent"]).default("agrees"),
  /** Part of the whole, as agreed: 1 and 1 are halves; equal when nobody has one. */
  share: z.number().int().min(1).max(1_000_000).optional(),
  /** Acts for a minor. */
  guardian: z.strictObject({ name: text, id: citizenId }).optional(),
  payee: payee.optional(),
})

/** The schema of an application, as a file or a message holds it (domain-rules §8.3). */
export const applicationSchema = z.strictObject({
  /** Number of the case; handed in again under it, a rejected case begins anew. */
  id: z.string().regex(/^[A-Za-z0-9-]{1,40}$/, "expected 1 to 40 letters, digits or hyphens"),
  account: z.enum(["personal", "pooled"]).default("personal"),
  channel: z.enum(["medicalCentre", "bankCounter", "atm", "kiosk", "pos", "online"]).default("medicalCentre"),
  condition: z.string().max(40).optional(),
  person: citizenId,
  applicant: z.strictObject({ name: text, id: text, role: z.enum(["self", "heir", "agent", "agency"]) }),
  evidence: z.array(evidence).max(20).default([]),
  materials: z.array(text).max(40).default([]),
  heirs: z.array(heir).max(50).default([]),
  /** Bank account of the insured who leaves. */
  payee: payee.optional(),
})

/** An application for the money in a personal account. */
export type WithdrawalApplication = z.output<typeof applicationSchema>
export type WithdrawalApplicationJson = z.input<typeof applicationSchema>
export type Evidence = WithdrawalApplication["evidence"][number]
export type Heir = WithdrawalApplication["heirs"][number]

/** Checks the form of an application. @throws {InputError} naming the first field that is missing, unknown or wrong */
export function parseApplication(json: unknown): WithdrawalApplication {
  const result = applicationSchema.safeParse(json)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  throw new InputError(["application", ...issue.path].join("."), issue.message)
}
