import { z } from "zod"
import { type Route, type RouteRequest, route } from "../http/index.js"
import type { Bureau } from "./bureau.js"
import type { BureauQuestion } from "./context.js"
import { RECORD_OBJECTS } from "./records.js"
import { SERVICE_NAMES } from "./service-schemas.js"

const word = z.string().min(1).max(64)
const fen = z
  .string()
  .regex(/^\d{1,12}$/)
  .transform(BigInt)
const question = {
  asker: z.strictObject({
    kind: z.enum(["person", "agent", "operator"]),
    id: word,
    mandate: z.strictObject({ subject: word, objects: z.array(word) }).optional(),
    proof: z.enum(["cardAndPin", "face"]).optional(),
  }),
  subject: word,
  channel: z.string().min(1).max(32),
  purpose: z.string().max(200),
}
const unit = { employer: word, operator: word }
const month = z.string().regex(/^\d{6}$/)

/** A caller with a token asks in his own name when he asks as an operator. */
function askedBy<Question extends BureauQuestion>(body: unknown, caller: string | undefined): Question {
  const asked = body as Question
  if (caller === undefined || asked.asker.kind !== "operator") return asked
  return { ...asked, asker: { ...asked.asker, id: caller } }
}

const post = <Schema extends z.ZodType>(
  path: string,
  summary: string,
  body: Schema,
  handle: (request: RouteRequest<z.output<Schema>>) => Promise<object> | object,
) => route({ method: "POST", path: `/bureau/${path}`, summary, body, handle })

/**
 * What windows, kiosks and employers' programs call. Amounts are fen as decimal digits; a refusal is an answer with
 * `ok: false`, its code and rule.
 *
 * @example startHttpServer({ routes: bureauRoutes(bureau), tokens })
 */
export function bureauRoutes(bureau: Bureau): Route[] {
  return [
    post(
      "services",
      "One affair of a person: pension, jobs, unemployment, training, injury, maternity, data, card",
      z.strictObject({
        ...question,
        service: z.enum(SERVICE_NAMES),
        details: z.record(z.string(), z.unknown()).optional(),
        serial: word.optional(),
      }),
      ({ body, caller }) => bureau.serve(askedBy(body, caller)),
    ),
    post(
      "records",
      "Reads records of a person; every question is written down",
      z.strictObject({
        ...question,
        object: z.enum(RECORD_OBJECTS),
        year: z
          .string()
          .regex(/^\d{4}$/)
          .optional(),
      }),
      ({ body, caller }) => bureau.records(askedBy(body, caller)),
    ),
    post(
      "corrections",
      "Says that a line of the record is wrong",
      z.strictObject({ ...question, month, insurance: word, wageFen: fen, note: z.string().max(200) }),
      ({ body: { month, insurance, wageFen, note, ...rest }, caller }) =>
        bureau.raise(askedBy(rest, caller), { kind: "correction", month, insurance, wageFen, note }),
    ),
    post(
      "consultations",
      "Asks the bureau something",
      z.strictObject({ ...question, question: z.string().min(1).max(500) }),
      ({ body: { question: text, ...rest }, caller }) =>
        bureau.raise(askedBy(rest, caller), { kind: "consultation", question: text }),
    ),
    post(
      "tickets/{id}/answer",
      "Answers a correction or a consultation",
      z.strictObject({
        operator: word,
        kind: z.enum(["changed", "rejected", "answered"]),
        text: z.string().max(500).default(""),
      }),
      ({ body: { operator, kind, text }, parameters, caller }) => {
        const answer = kind === "rejected" ? { kind, reason: text } : kind === "answered" ? { kind, text } : { kind }
        return bureau.answer(caller ?? operator, parameters.id!, answer)
      },
    ),
    post(
      "documents/check",
      "Whether a printed document is genuine",
      z.strictObject({ code: word }),
      async ({ body }) => ({
        ok: true,
        isValid: await bureau.isGenuine(body.code),
      }),
    ),
    post("employers/declare", "Declares a month", z.strictObject({ ...unit, month }), ({ body }) =>
      bureau.unit.declare(body, body.month),
    ),
    post("employers/pay", "Pays a month", z.strictObject({ ...unit, month, amountFen: fen }), ({ body }) =>
      bureau.unit.pay(body, body.month, body.amountFen),
    ),
    post(
      "employers/add",
      "Takes an employee on",
      z.strictObject({ ...unit, person: word, beganOn: word, wageFen: fen }),
      ({ body }) => bureau.unit.addEmployee(body, body),
    ),
    post(
      "employers/remove",
      "Lets an employee go",
      z.strictObject({ ...unit, person: word, endedOn: word, reason: word }),
      ({ body }) => bureau.unit.removeEmployee(body, body),
    ),
    post("employers/account", "A unit's own months", z.strictObject(unit), ({ body }) =>
      bureau.unit.query(body, { object: "account" }),
    ),
    post("employers/premiums", "Premiums of an own employee", z.strictObject({ ...unit, person: word }), ({ body }) =>
      bureau.unit.query(body, { object: "premiums", person: body.person }),
    ),
  ]
}
