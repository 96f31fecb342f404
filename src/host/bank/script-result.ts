import { findTlv, readUint32 } from "../../apdu/index.js"
import { decodeIcData, decodeScriptResults, type ScriptResult } from "../../dictionary/index.js"
import type { BankTransaction } from "../store/bank-store.js"
import type { ScriptRow } from "../store/rows.js"
import type { Answer, TerminalRequest } from "./context.js"
import { openCase, record, refuse } from "./record.js"

/** The PIN of a script that ran is the card's; it counts unless a later script ran before the news of this one came. */
export async function completeScript(rows: BankTransaction, script: ScriptRow): Promise<void> {
  const card = await rows.get("cards", script.pan)
  await rows.put("scripts", { ...script, state: "done" })
  if (!card || script.id <= card.pinScript) return
  await rows.put("cards", {
    ...card,
    state: card.state === "activating" ? "active" : card.state,
    pinVerifier: script.verifier,
    pinTries: 0,
    pinTriesAt: null,
    pinScript: script.id,
  })
}

/** The card keeps the PIN it had, and so does the bank. */
export async function failScript(rows: BankTransaction, script: ScriptRow): Promise<void> {
  await rows.put("scripts", { ...script, state: "failed" })
}

async function file(request: TerminalRequest, result: ScriptResult): Promise<boolean> {
  const script = await request.rows.get("scripts", request.fields[2]!, readUint32(result.scriptId))
  if (!script) return false
  if (script.state === "done") return true
  if (result.outcome === "ok") await completeScript(request.rows, script)
  else {
    await failScript(request.rows, script)
    request.bank.events.alert(`issuer script ${result.outcome}`, request)
  }
  return true
}

/** 0620: what the card did with its scripts (host-iso8583 §11.7, §15). An activation is complete only now. */
export async function scriptResult(request: TerminalRequest): Promise<Uint8Array> {
  const results = findTlv(decodeIcData(request.fields[55]!), 0xdf31)?.value
  if (!results) return refuse(request, "30")
  let answer: Answer = { code: "00" }
  for (const result of decodeScriptResults(results))
    if (!(await file(request, result))) {
      await openCase(request, "result of a script that was never sent")
      answer = { code: "25" }
    }
  return record(request, answer, { messageClass: "0620", state: "answered" })
}
