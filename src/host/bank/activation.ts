import type { PrivateData } from "../../dictionary/index.js"
import type { CardRow } from "../store/rows.js"
import { isHolder, isPinFormatRight } from "./cardholder.js"
import type { Answer, Decision, TerminalRequest } from "./context.js"
import { scriptTemplate } from "./script-template.js"

/** What the request must say about card, holder and staff. */
function isComplete({ atc, challenge, documentType, identityNumber, name, teller }: PrivateData): boolean {
  return [atc, challenge, documentType, identityNumber, name, teller].every((value) => value !== undefined)
}

/**
 * Activates a financial account, or repairs an activation whose answer or script result was lost (host-iso8583 §11.7):
 * the answer carries a script that unblocks the application and sets the new PIN. Account and PIN become valid only
 * when the card reports that it ran.
 */
export async function activate(request: TerminalRequest, card: CardRow): Promise<Decision | Answer> {
  const { bank, rows, fields, data, keys, key } = request
  if (!isComplete(data)) return { code: "30" }
  if (!isHolder(card, request)) return { code: "05" }
  if (!isPinFormatRight(request)) return { code: "99" }
  const pin = { pinKey: keys.pinKey, block: fields[52]!, pan: card.pan }
  const verifier = bank.hsm.newPinVerifier(pin)
  if (verifier === "undecodable") return { code: "99" }
  if (verifier === "forbidden") return { code: "12", fields: { 63: "PIN TOO SIMPLE" } }
  const id = card.scriptCount + 1
  const state = card.state === "active" ? "active" : "activating"
  await rows.put("cards", { ...card, state, scriptCount: id })
  await rows.put("scripts", {
    pan: card.pan,
    id,
    key,
    purpose: "activation",
    verifier,
    state: "sent",
  })
  const [atc, anchor] = [data.atc!, data.challenge!]
  const commands = [bank.hsm.unblockCommand(card, atc, anchor), bank.hsm.changePinCommand(card, atc, anchor, pin)]
  return {
    code: "00",
    fields: { 55: scriptTemplate(id, commands), 63: "ACTIVATION SCRIPT" },
    state: "approved",
    flow: "activation",
    amountFen: 0n,
    entry: null,
  }
}
