import { concat, type Transport, uint16, uint32 } from "../../apdu/index.js"
import { blockSizeOf, constantTimeEqual, pad80 } from "../../crypto/index.js"
import {
  type BegunDebit,
  type KeyAnswer,
  keyNamed,
  keyRefusal,
  MEDICAL_TRANSACTION_TYPES,
  type MedicalKeyService,
} from "../../dictionary/index.js"
import type { CardSession } from "../card-session.js"
import { samSession } from "./sam-session.js"

/**
 * Pays from medical accounts with the debit key DPK of a SAM (card-commands §11.2: BF DE 42 01, then 80 FA 05). What the
 * medical centre does with keys of its own, loads, unloads and TACs, is `KEY_UNKNOWN` here.
 *
 * @param sam a connection that hides 61xx and 6Cxx
 */
export function samMedicalKeys(sam: Transport | CardSession): MedicalKeyService {
  const withSessionKey = samSession(sam)
  const debitKey = keyNamed("DPK")

  function macOf(debit: BegunDebit, message: Uint8Array): Promise<KeyAnswer<{ readonly mac: Uint8Array }>> {
    const { algorithm, factors, random, number, terminalSequence } = debit
    const input = concat(random, uint16(number), uint32(terminalSequence).subarray(2))
    return withSessionKey({ key: debitKey, algorithm, factors }, input, async (client) => {
      const made = await client.mac(algorithm, pad80(message, blockSizeOf(algorithm)))
      return made.ok ? made : keyRefusal("KEY_REFUSED", debitKey.name, made.statusWord)
    })
  }

  const centreOnly = async (name: string) => keyRefusal("KEY_UNKNOWN", name)
  return {
    async authorizeDebit(debit) {
      const { personalFen, pooledFen, terminal, dateTime } = debit
      const type = MEDICAL_TRANSACTION_TYPES.debit
      const made = await macOf(
        debit,
        concat(uint32(0), uint32(personalFen), uint32(pooledFen), type, terminal, dateTime),
      )
      return made.ok ? { ok: true, mac1: made.mac } : made
    },
    async checkDebit(debit, mac2) {
      const made = await macOf(debit, concat(uint32(debit.personalFen), uint32(debit.pooledFen)))
      return made.ok ? { ok: true, genuine: constantTimeEqual(made.mac, mac2) } : made
    },
    checkDebitTac: () => centreOnly("DTK"),
    authorizeTransfer: ({ kind }) => centreOnly(kind === "load" ? "DLK" : "DULK"),
    checkTransfer: ({ kind }) => centreOnly(kind === "load" ? "DTK" : "DULK"),
  }
}
