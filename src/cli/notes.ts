import { formatYuan, type NoteCount } from "../dictionary/index.js"
import { inputError } from "./input-error.js"

const NOTES_YUAN = [100, 50, 20, 10, 5, 1]

/**
 * The fewest notes that make an amount.
 *
 * @throws {InputError} when it is no whole number of yuan
 * @example notesFor(200_000, "amount") // 20 notes of 100 yuan
 */
export function notesFor(amountFen: number, field: string): NoteCount[] {
  if (amountFen % 100 !== 0)
    throw inputError(field, {
      en: `expected whole yuan, got ${formatYuan(amountFen)}: there are no notes for less`,
      zh: `应为整元,收到 ${formatYuan(amountFen)}:没有更小的钞票`,
    })
  let restYuan = amountFen / 100
  return NOTES_YUAN.flatMap((denominationYuan) => {
    const count = Math.floor(restYuan / denominationYuan)
    restYuan -= count * denominationYuan
    return count > 0 ? [{ denominationYuan, count }] : []
  })
}
