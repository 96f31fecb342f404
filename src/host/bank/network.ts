import { decodePrivateDigits, type Message, NETWORK_CODE } from "../../dictionary/index.js"
import type { BankTransaction } from "../store/bank-store.js"
import type { Answer, BankContext } from "./context.js"
import type { Terminal } from "./terminals.js"
import type { BankTime } from "./time.js"

async function signOn(bank: BankContext, rows: BankTransaction, terminal: Terminal, time: BankTime): Promise<Answer> {
  const { pinKey, macKey, forTerminal } = bank.hsm.newWorkingKeys(terminal.masterKey)
  const before = await rows.get("terminalKeys", terminal.id)
  const previousMacKey = before?.macKey ?? null
  await rows.put("terminalKeys", {
    terminal: terminal.id,
    signedOn: 1,
    pinKey,
    macKey,
    previousMacKey,
    changedAt: time.at,
  })
  return { code: "00", fields: { 62: forTerminal } }
}

async function signOff(rows: BankTransaction, terminal: Terminal): Promise<Answer> {
  const keys = await rows.get("terminalKeys", terminal.id)
  if (keys) await rows.put("terminalKeys", { ...keys, signedOn: 0 })
  return { code: "00" }
}

/** 0800: sign-on with double-length keys, sign-off, echo (host-iso8583 §11.1). */
export async function network(
  bank: BankContext,
  rows: BankTransaction,
  message: Message,
  terminal: Terminal,
  time: BankTime,
): Promise<Answer> {
  const answer = async (): Promise<Answer> => {
    switch (decodePrivateDigits(message.fields[60]!).networkCode) {
      case NETWORK_CODE.SIGN_ON:
        return signOn(bank, rows, terminal, time)
      case NETWORK_CODE.SIGN_OFF:
        return signOff(rows, terminal)
      case NETWORK_CODE.ECHO:
        return { code: "00" }
      default:
        return { code: "40" }
    }
  }
  const { code, fields } = await answer()
  return { code, fields: { 32: terminal.acquirer, ...fields } }
}
