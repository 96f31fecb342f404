import { type StatusWord, SW } from "../../../apdu/index.js"
import { constantTimeEqual, scriptMac } from "../../../crypto/index.js"
import type { Command, Handler } from "../../application.js"
import type { Context } from "../../context.js"
import { macKey, transactionCounter } from "./cryptogram.js"
import { rulesOf } from "./rules.js"
import { type FinancialState, stateOf } from "./state.js"
import { CVR4, rememberScripts, scriptHistory } from "./verification-results.js"

const MAC_LENGTH = 4
const ONE_SCRIPT = 0x10

/** One issuer script command, behind its MAC. */
export interface Script {
  /** Length of the data without the MAC; a status word where P1 P2 are wrong. */
  readonly dataLength: (command: Command) => { readonly length: number } | StatusWord
  /** Carries the command out inside a memory transaction. Any answer but 9000 must come before the first write. */
  readonly execute: (context: Context, command: Command, data: Uint8Array) => StatusWord
}

/**
 * Guards a script command (financial-emv §22): MAC over header ‖ ATC ‖ anchor ‖ data. The anchor is the first
 * cryptogram of the transaction, or the last challenge while no transaction has begun (unblocking session, §28). A wrong
 * MAC ends all scripts until the next SELECT.
 */
export function script({ dataLength, execute }: Script): Handler {
  return (context, command) => {
    const expected = dataLength(command)
    if (typeof expected === "number") return expected
    if (command.lc !== expected.length + MAC_LENGTH) return SW.WRONG_LENGTH
    const state = stateOf(context)
    const anchor = anchorOf(state)
    if (anchor === undefined || state.scriptsStopped) return SW.CONDITIONS_NOT_SATISFIED
    const data = command.data().slice(0, expected.length)
    if (!hasValidMac(context, command, data, anchor)) return stopScripts(context, state)
    let status: StatusWord = SW.OK
    context.memory.transaction(() => {
      status = execute(context, command, data)
      if (status === SW.OK) countScript(context, state)
      else failScript(context, state)
    })
    return status
  }
}

function anchorOf(state: FinancialState): Uint8Array | undefined {
  if (state.phase === "initiated") return undefined
  return state.phase === "selected" ? state.challenge : state.cryptogram
}

function hasValidMac(context: Context, command: Command, data: Uint8Array, anchor: Uint8Array): boolean {
  const header = Uint8Array.of(command.cla, command.ins, command.p1, command.p2, command.lc)
  const { algorithm } = rulesOf(context)
  const expected = scriptMac(algorithm, macKey(context), header, transactionCounter(context), anchor, data)
  return constantTimeEqual(command.data().subarray(data.length), expected)
}

function stopScripts(context: Context, state: FinancialState): StatusWord {
  state.scriptsStopped = true
  failScript(context, state)
  return SW.SECURE_MESSAGING_INCORRECT
}

/** A failure is kept for the next transaction; an unblocking session belongs to none. */
function failScript(context: Context, state: FinancialState): void {
  if (state.phase !== "selected") rememberScripts(context, CVR4.scriptFailed)
}

/** Counts scripts after the second GENERATE AC, up to 15 (CVR byte 4). */
function countScript(context: Context, state: FinancialState): void {
  if (state.phase !== "done") return
  const count = scriptHistory(context) & CVR4.scriptCount
  if (count !== CVR4.scriptCount) rememberScripts(context, count + ONE_SCRIPT, CVR4.scriptCount)
}
