/** The name that somebody probably meant, or undefined. @example nearest("raed", ["read", "demo"]) // "read" */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const near = names.map((name) => ({ name, slips: distance(word, name) })).sort((a, b) => a.slips - b.slips)[0]
  return near && near.slips <= slipsIn(word) ? near.name : undefined
}

/** Typing slips that a word may have: in three letters two would make it any other. */
const slipsIn = (word: string) => Math.min(2, Math.floor(word.length / 2))

/** Letters to insert, drop, change or swap with their neighbour to make one word the other. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, at) => at)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    const above = rows[i - 1]!
    for (let j = 1; j <= b.length; j++) {
      const changed = above[j - 1]! + Number(a[i - 1] !== b[j - 1])
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2]![j - 2]! + 1 : changed
      row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, changed, swapped))
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}
