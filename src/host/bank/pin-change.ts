import { readUint32 } from "../../apdu/index.js"
import type { CardRow, ScriptRow } from "../store/rows.js"
import type { Chip } from "./chip.js"
import type { Answer, Decision, TerminalRequest } from "./context.js"
import type { FlowRules } from "./flows.js"
import { completeScript, failScript } from "./script-result.js"
import { scriptTemplate } from "./script-template.js"

/**
 * A new PIN for card and account (host-iso8583 §11.6): the answer carries the script that sets it on the card; at the bank
 * it counts when the card reports that the script ran.
 */
export async function changePin(
  { bank, rows, data, keys, key }: TerminalRequest,
  { flow }: FlowRules,
  card: CardRow,
  chip: Chip | undefined,
): Promise<Decision | Answer> {
  const block = data.newPinBlock
  if (!block || !chip) return { code: "30" }
  const pin = { pinKey: keys.pinKey, block, pan: card.pan }
  const verifier = bank.hsm.newPinVerifier(pin)
  if (verifier === "undecodable") return { code: "99" }
  if (verifier === "forbidden") return { code: "12", fields: { 63: "PIN TOO SIMPLE" } }
  if (bank.hsm.checkPin(pin, card.pinVerifier) === "right") return { code: "12", fields: { 63: "PIN NOT NEW" } }
  const id = card.scriptCount + 1
  await rows.put("cards", { ...card, scriptCount: id })
  await rows.put("scripts", { pan: card.pan, id, key, purpose: "pinChange", verifier, state: "sent" })
  const reference = { ...chip, pan: card.pan, sequenceNumber: card.sequenceNumber }
  const command = bank.hsm.changePinCommand(reference, chip.atc, chip.cryptogram, pin)
  const fields = { 55: scriptTemplate(id, [command]) }
  return { code: "00", fields, state: "approved", flow, amountFen: 0n, entry: null }
}

/** Byte 4 of the CVR: how many script commands ran after the last transaction, and whether one failed (financial-emv §20). */
const [SCRIPTS_RUN, SCRIPT_FAILED] = [0xf0, 0x08]

/**
 * A PIN change whose result never came: what the card says of its last scripts decides, before its PIN is looked at
 * (host-iso8583 §11.6).
 *
 * @returns the card as it stands then
 */
export async function settlePinChange({ rows }: TerminalRequest, card: CardRow, chip: Chip): Promise<CardRow> {
  if (card.scriptCount === card.pinScript) return card
  const script: ScriptRow | undefined = await rows.get("scripts", card.pan, card.scriptCount)
  if (script?.state !== "sent" || script.purpose !== "pinChange") return card
  const flags = readUint32(chip.verificationResults) & 0xff
  const hasRun = (flags & SCRIPTS_RUN) !== 0 && (flags & SCRIPT_FAILED) === 0
  await (hasRun ? completeScript(rows, script) : failScript(rows, script))
  return (await rows.get("cards", card.pan)) ?? card
}
