import { concat, hex, toHex } from "shebao/apdu"
import { type Card, cardFromLayout, compileProfile, type Layout, loadProfile } from "shebao/card"
import { authenticationData, challengeSessionKey } from "shebao/crypto"

/** One line of the table. */
export interface EngineFigure {
  readonly name: string
  /** Operations in a second: median of the rounds. */
  readonly perSecond: number
  /** Share of what a plain parse-and-dispatch function without rules, files and journal does in the same round. */
  readonly ofFloor?: number
  /** Heap and array buffers of one card of a large fleet; exact only under `node --expose-gc`. */
  readonly bytesPerCard?: number
}

interface Case {
  readonly name: string
  /** Commands before those under the clock. */
  readonly before: readonly string[]
  /** Sent in turn. */
  readonly commands: readonly string[]
  /** Length of the answer's data, for the floor. */
  readonly data: number
}

const SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
const VERIFY = "0020000003123456"
const READ_CARD_ID = "00B2010412"

const CASES: readonly Case[] = [
  { name: "SELECT an EF by FID", before: [SSSE], commands: ["00A4020002EF05"], data: 0 },
  { name: "SELECT a DF by FID, FCI pending", before: [SSSE], commands: ["00A4000002DF01"], data: 0 },
  { name: "SELECT by AID, FCI pending", before: [], commands: [SSSE], data: 0 },
  { name: "READ RECORD, 18 bytes", before: [SSSE, "00A4020002EF05"], commands: [READ_CARD_ID], data: 18 },
  { name: "READ BINARY 16", before: [SSSE, "00A4020002EF08"], commands: ["00B0000010"], data: 16 },
  { name: "READ BINARY 256", before: [SSSE, "00A4020002EF08"], commands: ["00B0000000"], data: 256 },
  { name: "VERIFY with its two counter writes", before: [SSSE], commands: [VERIFY], data: 0 },
  { name: "UPDATE RECORD, journalled", before: [SSSE, "00A4020002EF06"], commands: ["00DC0404030A0131"], data: 0 },
  {
    name: "mix of SELECT, READ RECORD, READ BINARY, VERIFY",
    before: [SSSE],
    commands: ["00A4020002EF05", READ_CARD_ID, "00A4020002EF08", "00B0000010", VERIFY],
    data: 16,
  },
]

const ROUNDS = 7
const BATCH = 1000

/**
 * Speed of the card engine in this process: one core, the whole employee card, all access rules and the journal on. The
 * lines run in turn, round after round, in one process that has seen all of them, on cards that were written to before.
 *
 * @param milliseconds how long to run each line
 */
export function benchEngine(milliseconds = 500): EngineFigure[] {
  const layout = compileProfile(loadProfile("employee"))
  const lines = CASES.map((line) => ({ name: line.name, engine: engineCall(layout, line), floor: floorCall(line) }))
  const rates = lines.map((): [engine: number, floor: number][] => [])
  for (let round = -1; round < ROUNDS; round++)
    for (const [index, { engine, floor }] of lines.entries()) {
      const pair: [number, number] = [rate(engine, milliseconds / ROUNDS), rate(floor, milliseconds / ROUNDS)]
      if (round >= 0) rates[index]!.push(pair)
    }
  const figures = lines.map(({ name }, index) => ({
    name,
    perSecond: median(rates[index]!.map(([engine]) => engine)),
    ofFloor: median(rates[index]!.map(([engine, floor]) => engine / floor)),
  }))
  return [...figures, ...benchFleet(layout)]
}

function engineCall(layout: Layout, { name, before, commands }: Case): (i: number) => Uint8Array {
  const card = cardFromLayout(layout)
  card.powerOn()
  card.process(hex(SSSE))
  card.process(hex(VERIFY))
  for (const key of ["RKssse", "UKssse"]) authenticate(card, key)
  for (const command of before) card.process(hex(command))
  const list = commands.map((text) => hex(text))
  for (const command of list) {
    const answer = card.process(command)
    if (answer[0] !== 0x61 && answer.at(-2) !== 0x90)
      throw new Error(`${name}: ${toHex(command)} answered ${toHex(answer)}`)
  }
  const only = list[0]!
  return list.length === 1 ? () => card.process(only) : (i) => card.process(list[i % list.length]!)
}

function authenticate(card: Card, keyName: string): void {
  const { algorithm } = card.layout
  const key = card.session.directory.keys.find(({ name }) => name === keyName)!
  const challenge = card.process(hex("0084000008")).subarray(0, 8)
  const sessionKey = challengeSessionKey(algorithm, card.memory.read(key.value), challenge)
  const data = concat(authenticationData(algorithm, sessionKey, challenge), challenge)
  card.process(concat(0x00, 0x82, 0x00, key.id, data.length, data))
}

/** What plain JavaScript costs: parse, Map look-up, an answer of the same length. A ceiling for the engine, not a rival. */
function floorCall({ commands, data }: Case): (i: number) => Uint8Array {
  const table = new Map<number, () => Uint8Array>()
  const source = new Uint8Array(256).fill(7)
  const list = commands.map((text) => hex(text))
  for (const command of list) table.set((command[0]! << 8) | command[1]!, () => floorAnswer(source, data))
  return (i) => {
    const command = list[i % list.length]!
    if (command.length < 4) return Uint8Array.of(0x67, 0)
    const handler = table.get((command[0]! << 8) | command[1]!)
    return handler === undefined ? Uint8Array.of(0x6d, 0) : handler()
  }
}

function floorAnswer(source: Uint8Array, length: number): Uint8Array {
  const answer = length > 62 ? Buffer.allocUnsafe(length + 2) : new Uint8Array(length + 2)
  if (length > 62) answer.set(source.subarray(0, length))
  else for (let i = 0; i < length; i++) answer[i] = source[i]!
  answer[length] = 0x90
  answer[length + 1] = 0
  return answer
}

function rate(call: (i: number) => unknown, milliseconds: number): number {
  const start = performance.now()
  let count = 0
  let elapsed = 0
  while (elapsed < milliseconds) {
    for (let i = 0; i < BATCH; i++) call(i)
    count += BATCH
    elapsed = performance.now() - start
  }
  return (1000 * count) / elapsed
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!
}

const FLEET = 100_000

function benchFleet(layout: Layout): EngineFigure[] {
  const [select, verify] = [hex(SSSE), hex(VERIFY)]
  const uses: readonly [name: string, use: (card: Card) => void][] = [
    ["100,000 new cards", () => {}],
    [
      "100,000 new cards, each powered, SELECT, VERIFY",
      (card) => {
        card.powerOn()
        card.process(select)
        card.process(verify)
      },
    ],
  ]
  return uses.map(([name, use]) => {
    const cards: Card[] = []
    const before = memoryInUse()
    const start = performance.now()
    for (let i = 0; i < FLEET; i++) {
      const card = cardFromLayout(layout)
      use(card)
      cards.push(card)
    }
    const elapsed = performance.now() - start
    return { name, perSecond: (1000 * cards.length) / elapsed, bytesPerCard: (memoryInUse() - before) / cards.length }
  })
}

function memoryInUse(): number {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
