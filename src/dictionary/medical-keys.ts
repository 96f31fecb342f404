import { uint16, uint32 } from "../apdu/index.js"
import {
  type Algorithm,
  constantTimeEqual,
  debitMac1,
  debitMac2,
  debitSessionKey,
  debitTac,
  type Sm4MacForm,
  transferMac1,
  transferMac2,
  transferSessionKey,
  transferTac,
  unloadMac3,
} from "../crypto/index.js"
import type { CardKeyRequest, KeyAnswer, KeyRefusal } from "./key-service.js"
import type { CardFactors } from "./social-security/card-keys.js"
import { keyNamed } from "./social-security/keys.js"

/** Transaction types of the medical account as the bytes of their ASCII characters (card-commands §10.1). */
export const MEDICAL_TRANSACTION_TYPES = { load: 0x31, unload: 0x33, debit: 0x35 } as const

/** Which card's account is asked about. */
export interface MedicalCard {
  readonly algorithm: Algorithm
  readonly factors: CardFactors
}

/** A payment that was begun: what the card told and what the terminal wants. */
export interface BegunDebit extends MedicalCard {
  /** 4 bytes that the card drew. */
  readonly random: Uint8Array
  /** Off-line transaction number of the card. */
  readonly number: number
  /** Number of the transaction at the terminal, 4 bytes. */
  readonly terminalSequence: number
  readonly personalFen: number
  readonly pooledFen: number
  /** 6 bytes, BCD. */
  readonly terminal: Uint8Array
  /** YYYYMMDDhhmmss, 7 bytes BCD. */
  readonly dateTime: Uint8Array
}

/** A load or unload that was begun. */
export interface BegunTransfer extends MedicalCard {
  readonly kind: "load" | "unload"
  readonly random: Uint8Array
  /** On-line transaction number of the card. */
  readonly number: number
  /** What the account held before. */
  readonly balanceFen: number
  readonly amountFen: number
  readonly terminal: Uint8Array
  readonly dateTime: Uint8Array
}

/**
 * Works with the keys of medical accounts: the SAM of a hospital's terminal or an HSM for payments (DPK), the HSM of the
 * medical centre for loads and unloads (DLK, DULK) and for what cards prove (DTK). Refusals are answers.
 */
export interface MedicalKeyService {
  /** MAC1, with which the card lets a terminal pay (card-commands §10.2). */
  authorizeDebit(debit: BegunDebit): Promise<KeyAnswer<{ readonly mac1: Uint8Array }>>
  /** Whether the card answered that payment: MAC2, 4 bytes. */
  checkDebit(debit: BegunDebit, mac2: Uint8Array): Promise<KeyAnswer<{ readonly genuine: boolean }>>
  /** Whether a TAC is the card's for that payment: the centre checks it before it pays the hospital. */
  checkDebitTac(debit: BegunDebit, tac: Uint8Array): Promise<KeyAnswer<{ readonly genuine: boolean }>>
  /** MAC2 of a load or unload for a card whose MAC1 is right; `KEY_REFUSED` for a wrong one. */
  authorizeTransfer(transfer: BegunTransfer, mac1: Uint8Array): Promise<KeyAnswer<{ readonly mac2: Uint8Array }>>
  /** Whether the card did it: the TAC of a load, MAC3 of an unload. */
  checkTransfer(transfer: BegunTransfer, proof: Uint8Array): Promise<KeyAnswer<{ readonly genuine: boolean }>>
}

/** What a load or unload is before the centre said when it happens. */
export type AskedTransfer = Omit<BegunTransfer, "dateTime">

/**
 * The medical centre as a terminal sees it while money moves between it and a card (card-commands §10.6). It books first and
 * takes the booking back when it is told that the card did nothing; a terminal that never tells leaves it open, for the
 * centre to settle by what the card proves later.
 */
export interface MedicalTransferCentre {
  /** Checks the card's MAC1 and books. @returns MAC2 for the card, and the time, 7 bytes BCD, that it is made over */
  authorize(
    transfer: AskedTransfer,
    mac1: Uint8Array,
  ): Promise<KeyAnswer<{ readonly mac2: Uint8Array; readonly dateTime: Uint8Array }>>
  /** The card did it. @param proof the TAC of a load, MAC3 of an unload */
  confirm(transfer: BegunTransfer, proof: Uint8Array): Promise<KeyAnswer<{ readonly genuine: boolean }>>
  /** The card did nothing, as it proved (9406), or it refused. */
  cancel(transfer: BegunTransfer): Promise<void>
}

/**
 * A key service for medical accounts over card keys that are at hand in this process.
 *
 * @param cardKeyOf the 16-byte key of the card that is asked for, or why there is none
 * @param sm4Mac how a 4-byte MAC is made on SM4 cards
 */
export function softwareMedicalKeys(
  cardKeyOf: (request: CardKeyRequest) => Uint8Array | KeyRefusal,
  sm4Mac: Sm4MacForm = "xor4",
): MedicalKeyService {
  /** Asynchronous, so that what is wrong with an argument rejects like everything else. */
  async function under<T extends object>(
    { algorithm, factors }: MedicalCard,
    name: "DPK" | "DLK" | "DULK" | "DTK",
    work: (key: Uint8Array) => T | KeyRefusal,
  ): Promise<KeyAnswer<T>> {
    const key = cardKeyOf({ key: keyNamed(name), algorithm, factors })
    if (!(key instanceof Uint8Array)) return key
    const done = work(key)
    return isRefusal(done) ? done : { ok: true, ...done }
  }
  const cipher = ({ algorithm }: MedicalCard) => ({ algorithm, form: sm4Mac })
  const sessionKeyOfDebit = (debit: BegunDebit, key: Uint8Array) =>
    debitSessionKey(cipher(debit), key, debit.random, uint16(debit.number), uint32(debit.terminalSequence))
  const sessionKeyOfTransfer = (transfer: BegunTransfer, key: Uint8Array) =>
    transferSessionKey(cipher(transfer), key, transfer.random, uint16(transfer.number))
  const transferKeyName = ({ kind }: BegunTransfer) => (kind === "load" ? "DLK" : "DULK")

  return {
    authorizeDebit: (debit) =>
      under(debit, "DPK", (key) => ({
        mac1: debitMac1(cipher(debit), sessionKeyOfDebit(debit, key), amountsOf(debit)),
      })),
    checkDebit: (debit, mac2) =>
      under(debit, "DPK", (key) => {
        const expected = debitMac2(cipher(debit), sessionKeyOfDebit(debit, key), amountsOf(debit))
        return { genuine: constantTimeEqual(expected, mac2) }
      }),
    checkDebitTac: (debit, tac) =>
      under(debit, "DTK", (key) => {
        const expected = debitTac(cipher(debit), key, amountsOf(debit), uint32(debit.terminalSequence))
        return { genuine: constantTimeEqual(expected, tac) }
      }),
    authorizeTransfer: (transfer, mac1) =>
      under(transfer, transferKeyName(transfer), (key) => {
        const sessionKey = sessionKeyOfTransfer(transfer, key)
        const begun = transferOf(transfer)
        const expected = transferMac1(cipher(transfer), sessionKey, uint32(transfer.balanceFen), begun)
        if (!constantTimeEqual(expected, mac1)) return WRONG_MAC1
        return { mac2: transferMac2(cipher(transfer), sessionKey, begun) }
      }),
    checkTransfer: (transfer, proof) => {
      const { kind, balanceFen, amountFen } = transfer
      const after = uint32(kind === "load" ? balanceFen + amountFen : balanceFen - amountFen)
      const number = uint16(transfer.number)
      return under(transfer, kind === "load" ? "DTK" : "DULK", (key) => {
        const expected =
          kind === "load"
            ? transferTac(cipher(transfer), key, after, number, transferOf(transfer))
            : unloadMac3(cipher(transfer), sessionKeyOfTransfer(transfer, key), after, number, transferOf(transfer))
        return { genuine: constantTimeEqual(expected, proof) }
      })
    },
  }
}

const WRONG_MAC1: KeyRefusal = {
  ok: false,
  code: "KEY_REFUSED",
  message: "MAC1 is not this card's.",
  messageZh: "卡片MAC1校验失败。",
}

const isRefusal = (value: object): value is KeyRefusal => "ok" in value && value.ok === false

const amountsOf = ({ personalFen, pooledFen, terminal, dateTime }: BegunDebit) => ({
  personal: uint32(personalFen),
  pooled: uint32(pooledFen),
  type: MEDICAL_TRANSACTION_TYPES.debit,
  terminal,
  dateTime,
})

const transferOf = ({ kind, amountFen, terminal, dateTime }: BegunTransfer) => ({
  amount: uint32(amountFen),
  type: MEDICAL_TRANSACTION_TYPES[kind],
  terminal,
  dateTime,
})
