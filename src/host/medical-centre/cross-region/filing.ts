import type { Label } from "../../../dictionary/index.js"
import type { Region } from "../../regions/region.js"
import type { BankTransaction } from "../../store/bank-store.js"
import type { FilingRow } from "../../store/medical-rows.js"
import { addMonths } from "../calendar.js"
import { type CentreContext, centreTime } from "../context.js"
import { isInsuredOn } from "../insured.js"

/** A filing for treatment elsewhere 异地就医备案. */
export interface FilingRequest {
  readonly person: string
  /** Long term: lives elsewhere; temporary: referred, travelling. */
  readonly kind: FilingRow["kind"]
  /** Region of treatment, six digits; `xx9900` and `xx0000` mean a whole province. */
  readonly area: string
}

export type FilingOutcome =
  | { readonly ok: true; readonly beganOn: string; readonly endsOn: string | null }
  /** X01 not insured · X02 a long-term filing is too young to be changed. */
  | { readonly ok: false; readonly code: "X01" | "X02"; readonly reason: Label }

const covers = ({ area, beganOn, endsOn }: FilingRow, place: string, date: string) =>
  beganOn <= date &&
  (endsOn === null || date < endsOn) &&
  (area === place || (/^..(00|99)00$/.test(area) && area.slice(0, 2) === place.slice(0, 2)))

/** Files, or changes a filing: the one in force ends today. */
export async function fileTreatmentElsewhere(
  centre: CentreContext,
  { person, kind, area }: FilingRequest,
): Promise<FilingOutcome> {
  const { date, region } = centreTime(centre)
  return centre.store.transaction(async (rows) => {
    const insured = await rows.get("insured", person)
    if (!insured || !isInsuredOn(insured, date))
      return { ok: false, code: "X01", reason: { zh: "未正常参保", en: "not insured" } }
    const current = (await rows.list("medicalFilings", { person })).filter(
      ({ endsOn }) => endsOn === null || date < endsOn,
    )
    const young = current.find(
      (filing) => filing.kind === "longTerm" && addMonths(filing.beganOn, region.crossRegion.longTermMinMonths) > date,
    )
    if (young)
      return {
        ok: false,
        code: "X02",
        reason: { zh: "长期备案未满变更期限", en: "the long-term filing is too young to be changed" },
      }
    for (const filing of current) await rows.put("medicalFilings", { ...filing, endsOn: date })
    const endsOn = kind === "temporary" ? addMonths(date, region.crossRegion.temporaryMonths) : null
    await rows.insert("medicalFilings", {
      person,
      id: await rows.next("medicalFiling"),
      kind,
      area,
      beganOn: date,
      endsOn,
    })
    return { ok: true, beganOn: date, endsOn }
  })
}

/** By how many hundredths the ratios are lowered for a treatment (domain-rules §7): an emergency counts as filed. */
export async function penaltyPoints(
  rows: BankTransaction,
  { person, area, beganOn, isEmergency }: { person: string; area: string; beganOn: string; isEmergency: boolean },
  { crossRegion }: Region,
): Promise<number> {
  const filings = (await rows.list("medicalFilings", { person })).filter((filing) => covers(filing, area, beganOn))
  if (filings.some(({ kind }) => kind === "longTerm")) return 0
  return isEmergency || filings.length > 0 ? crossRegion.temporaryPenaltyPoints : crossRegion.unfiledPenaltyPoints
}
