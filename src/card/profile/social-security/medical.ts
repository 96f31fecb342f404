import { bcdRight, concat, hexNumber, uint16, uint32, wrongInput } from "../../../apdu/index.js"
import { parseYuan } from "../../../dictionary/index.js"
import type { BalanceId, TransactionKind } from "../../applications/medical/account.js"
import {
  type MedicalCommand,
  type MedicalRules,
  medicalApplication,
  medicalElements,
} from "../../applications/medical/application.js"
import type { DirectorySpec } from "../../specification.js"
import type { MedicalProfile } from "./schema.js"

const BALANCES: readonly BalanceId[] = ["cia", "spip", "spfp"]
const TRANSACTIONS: readonly TransactionKind[] = ["load", "unload", "debit"]

/**
 * The medical account of DF04: its elements and commands.
 *
 * @throws {InputError} when amounts do not fit, or one parameter or instruction would mean two things
 */
export function medicalAccount(medical: MedicalProfile): Pick<DirectorySpec, "elements" | "application"> {
  const limitFen = parseYuan(medical.limit, "medical.limit")
  const fen = (id: BalanceId) => uint32(parseYuan(medical[id], `medical.${id}`))
  if (parseYuan(medical.cia, "medical.cia") > limitFen)
    throw wrongInput(
      "medical.cia",
      `不能超过上限${medical.limit},收到${medical.cia}`,
      `expected at most the limit ${medical.limit}, got ${medical.cia}`,
    )
  const year = bcdRight(medical.year, 2, "medical.year")
  return {
    elements: medicalElements({
      cia: fen("cia"),
      spip: concat(fen("spip"), year),
      spfp: concat(fen("spfp"), year),
      onlineNumber: uint16(medical.onlineNumber),
      offlineNumber: uint16(medical.offlineNumber),
    }),
    application: medicalApplication({
      instructions: instructions(medical),
      balances: balances(medical),
      p1p2: ofTransactions((kind) => new Set(medical.p1p2[kind].map(number))),
      types: types(medical),
      limitFen,
      notInitialized: number(medical.notInitialized),
    }),
  }
}

const number = (text: string) => Number.parseInt(text, 16)

const ofTransactions = <T>(value: (kind: TransactionKind) => T) =>
  Object.fromEntries(TRANSACTIONS.map((kind) => [kind, value(kind)])) as Record<TransactionKind, T>

function instructions({ instructions }: MedicalProfile): MedicalRules["instructions"] {
  const taken = new Map<number, string>()
  for (const [name, text] of Object.entries(instructions)) {
    const other = taken.get(number(text))
    if (other)
      throw wrongInput(
        `medical.instructions.${name}`,
        `应与${other}的指令字节不同,收到${text}`,
        `expected another byte than ${other}, got ${text}`,
      )
    taken.set(number(text), name)
  }
  return Object.fromEntries([...taken].map(([instruction, name]) => [name, instruction])) as Record<
    MedicalCommand,
    number
  >
}

function balances(medical: MedicalProfile): Map<number, BalanceId> {
  const map = new Map<number, BalanceId>()
  for (const id of BALANCES)
    for (const text of medical.p1p2[id]) {
      const p1p2 = number(text)
      if (map.has(p1p2))
        throw wrongInput(
          `medical.p1p2.${id}`,
          `P1 P2 ${text} 只能对应一个余额`,
          `expected P1 P2 that name one balance, got ${text}`,
        )
      map.set(p1p2, id)
    }
  return map
}

function types(medical: MedicalProfile): MedicalRules["types"] {
  const found = ofTransactions((kind) => number(medical.types[kind]))
  for (const kind of TRANSACTIONS)
    if (found[kind] === 0 || TRANSACTIONS.some((other) => other !== kind && found[other] === found[kind]))
      throw wrongInput(
        `medical.types.${kind}`,
        `应为不同于其他类型且不为00的字节,收到${hexNumber(found[kind])}`,
        `expected a byte of its own and not 00, got ${hexNumber(found[kind])}`,
      )
  return found
}
