import { maskId, maskName } from "../../../apdu/index.js"
import type { CostLine, Label, SettlementSplit } from "../../../dictionary/index.js"
import type { BankTransaction } from "../../store/bank-store.js"
import type { AuditRow, InsuredRow } from "../../store/medical-rows.js"
import { writeAudit } from "../audit.js"
import { type CentreContext, centreTime } from "../context.js"
import { accountOf } from "../insured.js"
import { cardAccount, personalAccount } from "../ledger/accounts.js"
import { decodeLines, decodeSplit } from "../settlement/stored.js"

/** What may be asked for. */
export type RecordKind = "account" | "settlements" | "audit"

/** Who asks. */
export interface Asker {
  readonly kind: "person" | "agent" | "operator"
  /** Identity number of a person or agent; name of an operator. */
  readonly id: string
  /** Written permission of the subject, naming what may be asked for (domain-rules §14.5, 5). */
  readonly mandate?: { readonly subject: string; readonly objects: readonly RecordKind[] }
  /** How the person proved who he is: only then he sees the items of his bills. */
  readonly proof?: "cardAndPin" | "face"
}

export interface RecordQuery {
  readonly asker: Asker
  /** Identity number of the person whose records are asked for. */
  readonly subject: string
  readonly object: RecordKind
  readonly channel: string
  /** Why: without a purpose nothing is told. */
  readonly purpose: string
}

/** A posting on a personal account, as its holder reads it. */
export interface AccountLine {
  readonly date: string
  /** Kind of the entry, see `KINDS` of the ledger. */
  readonly kind: string
  /** More than 0 came in. */
  readonly fen: bigint
  readonly isOnCard: boolean
}

/** A settlement as its person reads it. */
export interface SettlementLine {
  readonly serial: string
  readonly date: string
  readonly provider: string
  readonly state: string
  readonly split: SettlementSplit
  /** For the person himself, with card and PIN or face. */
  readonly lines?: readonly CostLine[]
}

export interface Records {
  readonly ok: true
  /** The subject and the requester, masked, as they stand on a print (domain-rules §14.5, 6). */
  readonly subject: string
  readonly requestedBy: string
  readonly account?: { readonly centreFen: bigint; readonly cardFen: bigint; readonly lines: readonly AccountLine[] }
  readonly settlements?: readonly SettlementLine[]
  readonly audit?: readonly AuditRow[]
}

/** Q01 not his records, and no mandate that names them · Q02 no purpose. */
export interface RecordRefusal {
  readonly ok: false
  readonly code: "Q01" | "Q02"
  readonly rule: string
  readonly reason: Label
}

function refusalOf({ asker, subject, object, purpose }: RecordQuery): RecordRefusal | undefined {
  const rule = "domain-rules §14.5"
  if (purpose.trim() === "")
    return { ok: false, code: "Q02", rule, reason: { zh: "未说明查询目的", en: "no purpose is given" } }
  const isMandated = asker.mandate?.subject === subject && asker.mandate.objects.includes(object)
  const may = asker.kind === "operator" || (asker.kind === "person" ? asker.id === subject : isMandated)
  // The same words whether there is such a person or not.
  return may
    ? undefined
    : {
        ok: false,
        code: "Q01",
        rule,
        reason: { zh: "无权查询他人记录", en: "another person's records need his mandate" },
      }
}

async function accountLines(rows: BankTransaction, number: string): Promise<AccountLine[]> {
  const lines: AccountLine[] = []
  for (const account of [personalAccount(number), cardAccount(number)])
    for (const { entry, fen } of await rows.list("medicalLegs", { account })) {
      const { date, kind } = (await rows.get("medicalEntries", entry))!
      lines.push({ date, kind, fen: -fen, isOnCard: account === cardAccount(number) })
    }
  return lines.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
}

async function recordsOf(rows: BankTransaction, insured: InsuredRow, query: RecordQuery): Promise<Partial<Records>> {
  const { number, person } = insured
  switch (query.object) {
    case "account": {
      const { centreFen, cardFen } = await accountOf(rows, number)
      return { account: { centreFen, cardFen, lines: await accountLines(rows, number) } }
    }
    case "settlements": {
      const showsItems = query.asker.kind === "person" && query.asker.proof !== undefined
      const rowsOfPerson = await rows.list("medicalSettlements", { person })
      return {
        settlements: rowsOfPerson.map(({ serial, date, claimant, state, split, lines }) => ({
          serial,
          date,
          provider: claimant,
          state,
          split: decodeSplit(split),
          ...(showsItems && { lines: decodeLines(lines) }),
        })),
      }
    }
    case "audit":
      return { audit: await rows.list("medicalAudit", { subject: number }) }
  }
}

/** Number of a person at the centre, name of an operator: nothing in the log says who somebody is. */
async function actorOf(rows: BankTransaction, { kind, id }: Asker): Promise<string> {
  return kind === "operator" ? id : ((await rows.get("insured", id))?.number ?? maskId(id))
}

/**
 * Reads records of a person: his own, or another's with his mandate. Every question is written down, refused ones too: who,
 * what, of whom, why, with what result (R24, R26; domain-rules §14).
 */
export async function queryRecords(centre: CentreContext, query: RecordQuery): Promise<Records | RecordRefusal> {
  const time = centreTime(centre)
  return centre.store.transaction(async (rows) => {
    const refused = refusalOf(query)
    const insured = await rows.get("insured", query.subject)
    const note = {
      actor: await actorOf(rows, query.asker),
      channel: query.channel,
      subject: insured?.number ?? maskId(query.subject),
      object: query.object,
      purpose: query.purpose,
    }
    const isAnswered = !refused && insured !== undefined
    await writeAudit(rows, { ...note, result: refused?.code ?? (isAnswered ? "told" : "nothing") }, time)
    if (refused) return refused
    const { kind, id } = query.asker
    const asker = kind === "operator" ? id : maskName((await rows.get("insured", id))?.name ?? id)
    const head = { ok: true, subject: maskId(query.subject), requestedBy: asker } as const
    return insured ? { ...head, ...(await recordsOf(rows, insured, query)) } : head
  })
}
