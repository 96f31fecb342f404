import { z } from "zod"
import { type Route, type RouteRequest, route } from "../http/index.js"
import type { MedicalCentre } from "./centre.js"
import type { RecordQuery } from "./records/query.js"
import { applicationSchema } from "./withdrawal/application.js"

const operator = z.string().min(1).max(64)
const recordKind = z.enum(["account", "settlements", "audit"])

const recordQuery = z.strictObject({
  asker: z.strictObject({
    kind: z.enum(["person", "agent", "operator"]),
    id: z.string().min(1).max(64),
    mandate: z.strictObject({ subject: z.string(), objects: z.array(recordKind) }).optional(),
    proof: z.enum(["cardAndPin", "face"]).optional(),
  }),
  subject: z.string().min(1).max(64),
  object: recordKind,
  channel: z.string().min(1).max(32),
  purpose: z.string().max(200),
})

const check = z.object({
  code: z.string(),
  rule: z.string(),
  parameter: z.string(),
  value: z.string(),
  isPassed: z.boolean(),
})

const withdrawalAnswer = z.object({
  ok: z.boolean(),
  id: z.string(),
  state: z.string(),
  code: z.string().optional().describe("W01 to W13 when refused"),
  rule: z.string().optional(),
  missing: z.array(z.string()).optional(),
  until: z.string().optional(),
  amountFen: z.string().optional().describe("fen, decimal digits"),
  interestFen: z.string().optional(),
  checks: z.array(check),
})

/** Who does a step: whoever the token names, else whoever the body says. */
const operatorOf = ({ caller, body }: RouteRequest<{ operator: string }>) => caller ?? body.operator

/**
 * What the centre's own windows, and whoever acts for a person, call: withdrawals step by step, and records. Amounts are fen
 * as decimal digits.
 *
 * @example startHttpServer({ routes: [...medicalRoutes(centre), ...nationalRoutes(centre)], tokens })
 */
export function medicalRoutes(centre: MedicalCentre): Route[] {
  const step = (name: "verify" | "freeze" | "approve" | "pay", summary: string) =>
    route({
      method: "POST",
      path: `/medical/withdrawals/{id}/${name}`,
      summary,
      body: z.strictObject({ operator }),
      answer: withdrawalAnswer,
      handle: (request) => centre.withdrawals[name](request.parameters.id!, operatorOf(request)),
    })
  return [
    route({
      method: "POST",
      path: "/medical/withdrawals",
      summary: "Hands in an application for the money in a personal account",
      body: z.strictObject({ operator, application: applicationSchema }),
      answer: withdrawalAnswer,
      handle: (request) => centre.withdrawals.submit(request.body.application, operatorOf(request)),
    }),
    step("verify", "Verifies papers, event and kinship"),
    step("freeze", "Freezes the account; a card that is not presented is refused from now on"),
    step("approve", "Approves the payment"),
    step("pay", "Pays and closes; by another operator than the approval"),
    route({
      method: "POST",
      path: "/medical/withdrawals/decide",
      summary: "Whether an application may be handed in at all, as terminals ask",
      body: z.strictObject({
        account: z.enum(["personal", "pooled"]),
        channel: z.enum(["medicalCentre", "bankCounter", "atm", "kiosk", "pos", "online"]),
        condition: z.string().max(40).optional(),
        evidence: z.array(z.string()).optional(),
        materials: z.array(z.string()).optional(),
      }),
      handle: ({ body }) => centre.decideWithdrawal(body as Parameters<typeof centre.decideWithdrawal>[0]),
    }),
    route({
      method: "POST",
      path: "/medical/records",
      summary: "Reads records of a person; every question is written down",
      body: recordQuery,
      handle: ({ body, caller }) => centre.records(askedBy(body as RecordQuery, caller)),
    }),
  ]
}

/** A caller with a token asks in his own name when he asks as an operator. */
function askedBy(query: RecordQuery, caller: string | undefined): RecordQuery {
  if (caller === undefined || query.asker.kind !== "operator") return query
  return { ...query, asker: { ...query.asker, id: caller } }
}
