import { createBureau, defaultRegion, openStore, seedTown } from "shebao/host"

const NOW = new Date("2025-06-10T02:00:00Z")

/** Seeds the town, and reads five years of one person again and again. */
export async function benchBureau(count = 50): Promise<readonly object[]> {
  const store = openStore("memory")
  const start = performance.now()
  const { persons, employers, lines } = await seedTown(store, { today: "20250610", region: defaultRegion() })
  const seeded = performance.now() - start
  const bureau = createBureau({ store, clock: () => NOW })
  const times: number[] = []
  for (let at = 0; at < count; at++) {
    const subject = persons[at % persons.length]!
    const asker = { kind: "person", id: subject, proof: "cardAndPin" } as const
    const before = performance.now()
    const answer = await bureau.records({ asker, subject, channel: "bench", purpose: "bench", object: "payments" })
    times.push(performance.now() - before)
    if (!answer.ok) throw new Error(answer.code)
  }
  await bureau.close()
  times.sort((a, b) => a - b)
  const name = `${persons.length} holders, ${employers.length} employers, ${lines} lines`
  return [
    { name: `seeding a town: ${name}`, milliseconds: seeded },
    { name: "payment record of one person, 5 years, median", milliseconds: times[count >> 1]! },
    { name: "payment record of one person, 5 years, slowest", milliseconds: times.at(-1)! },
  ]
}
