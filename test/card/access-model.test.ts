import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { concat, hex, toHex } from "../../src/apdu/index.js"
import {
  type Card,
  type CardSpec,
  cardFromLayout,
  compileLayout,
  differences,
  loadProfile,
  profileToSpec,
} from "../../src/card/index.js"
import { authenticationData, challengeSessionKey } from "../../src/crypto/index.js"
import { AccessModel, type ModelDirectory, type ModelPlace } from "../support/access-model.js"

const CHANNELS = 4
/** Secrets shown with an error: rarely, for a locked one stays locked. */
const WRONG_ONE_IN = 12

const STEPS = [
  ...(["select", "verify", "authenticate", "authenticate", "authenticate", "read", "read", "read"] as const),
  ...(["write", "write", "write", "probe", "probe", "open", "open", "close", "reset"] as const),
] as const

type Step = readonly [step: (typeof STEPS)[number], channel: number, choice: number, other: number]

const steps = fc.array(fc.tuple(fc.constantFrom(...STEPS), fc.nat(CHANNELS - 1), fc.nat(9999), fc.nat(9999)), {
  minLength: 100,
  maxLength: 200,
  size: "max",
})

/** Instructions that change nothing without data; some of them unknown. */
const READING = [0x20, 0x82, 0x88, 0xa0, 0xb0, 0xb1, 0xb2, 0xb3, 0xca, 0xcb, 0xc0, 0xcc]

/** Everything that one run looks at, and what it saw. */
interface Run {
  readonly card: Card
  readonly model: AccessModel
  readonly spec: CardSpec
  readonly seen: Record<"allowedReads" | "refusedReads" | "allowedWrites" | "refusedWrites" | "probes", number>
  /** Names of places that this step may change. */
  mayChange: string[]
}

function transmit({ card }: Run, channel: number, command: string | Uint8Array): string {
  const bytes = typeof command === "string" ? hex(command) : command
  const own = bytes.slice()
  own[0] = bytes[0]! | channel
  return toHex(card.process(own))
}

const byte = (value: number) => value.toString(16).padStart(2, "0")

function take(run: Run, [step, wanted, choice, other]: Step): void {
  const channels = run.spec.options?.channels ?? 1
  const channel = wanted % channels
  if (step === "open") openChannel(run, channel, other % channels)
  else if (run.model.directory(channel) === undefined) expect(transmit(run, channel, "00B0000000")).toBe("6881")
  else if (step === "reset") reset(run, choice)
  else if (step === "close") closeChannel(run, channel)
  else if (step === "select") select(run, channel, choice)
  else if (isModelled(run.spec, run.model.directory(channel)!)) USES[step](run, channel, choice, other)
}

function reset({ card, model }: Run, choice: number): void {
  if (choice % 4 > 0) return
  card.reset()
  model.reset()
}

function openChannel(run: Run, channel: number, origin: number): void {
  const { model } = run
  if (channel === 0 || model.directory(origin) === undefined) return
  const isOpen = model.directory(channel) !== undefined
  expect(transmit(run, origin, `007000${byte(channel)}`)).toBe(isOpen ? "6A86" : "9000")
  if (!isOpen) model.open(channel, origin)
}

function closeChannel(run: Run, channel: number): void {
  if (channel === 0) return
  expect(transmit(run, 0, `007080${byte(channel)}`)).toBe("9000")
  run.model.close(channel)
}

function select(run: Run, channel: number, choice: number): void {
  const { directories } = run.model
  const own = directories.filter((directory) => isModelled(run.spec, directory))
  const directory = choice % 8 === 0 ? directories[choice % directories.length]! : own[choice % own.length]!
  const { aid } = directory.spec
  const byPath =
    directory.path === "" ? "00A40000023F00" : `00A4080C${byte(directory.path.length / 2)}${directory.path}`
  expect(transmit(run, channel, aid ? concat(hex("00A40400"), aid.length, aid) : byPath)).not.toBe("6A82")
  run.model.select(channel, directory)
}

const USES = {
  verify: (run: Run, channel: number, _: number, other: number) => show(run, channel, "PIN", other % WRONG_ONE_IN > 0),
  authenticate: (run: Run, channel: number, choice: number, other: number) => {
    const rules = run.model.directory(channel)!.places.map(({ read, write }) => `${read}|${write}`)
    const names = rules.join("|").split(/[|+]/)
    show(run, channel, names[choice % names.length]!, other % WRONG_ONE_IN > 0)
  },
  read,
  write,
  probe,
} as const

/** Shows the PIN or a key, right or wrong. */
function show(run: Run, channel: number, name: string, right: boolean): void {
  const { model } = run
  const secret = model.find(channel, name)
  if (secret === undefined) return
  run.mayChange.push(`${secret.place} tries`)
  const tries = model.triesLeft(secret)
  const command = name === "PIN" ? pinCommand(secret.value, right) : keyCommand(run, channel, secret, right)
  const answer = transmit(run, channel, command)
  expect(answer).toBe(tries === 0 ? "6983" : right ? "9000" : `63C${tries - 1}`)
  if (tries > 0) model.show(channel, secret, right)
}

function read(run: Run, channel: number, choice: number): void {
  const { model, seen } = run
  const { places } = model.directory(channel)!
  const place = places[choice % Math.max(1, places.length)]
  if (place === undefined) return
  const allowed = model.allows(channel, place.read)
  expect(transmit(run, channel, readCommand(place)), place.name).toBe(
    allowed ? `${place.content.slice(0, 512)}9000` : "6982",
  )
  if (allowed) seen.allowedReads++
  else seen.refusedReads++
}

function write(run: Run, channel: number, choice: number, other: number): void {
  const { model, seen, mayChange } = run
  const { places } = model.directory(channel)!
  const place = places[choice % Math.max(1, places.length)]
  if (place === undefined) return
  const content = changed(place, other)
  const allowed = model.allows(channel, place.write)
  if (allowed) mayChange.push(place.name)
  expect(transmit(run, channel, writeCommand(place, content)), place.name).toBe(allowed ? "9000" : "6982")
  if (allowed) written(places, place, content)
  if (allowed) seen.allowedWrites++
  else seen.refusedWrites++
}

/** Commands that reach for data in every other way: what may not be read must not be in any answer. */
function probe(run: Run, channel: number, choice: number, other: number): void {
  const { model } = run
  const { places } = model.directory(channel)!
  const sfi = places[other % Math.max(1, places.length)]?.sfi ?? 5
  const probes = [
    `00B2${byte(other % 40)}${byte((sfi << 3) | (choice % 8))}00`,
    `00B0${byte(0x80 | sfi)}${byte(other % 64)}00`,
    `00B100${byte(sfi)}0354010000`,
    `00A201${byte((sfi << 3) | 4)}0130`,
    `00D2${byte(1)}${byte((sfi << 3) | 4)}0400000000`,
    "00CB3FFF025C0000",
    "00C0000000",
    "00B0000000",
    "00B2010400",
    "00B2000200",
    `00${byte(READING[other % READING.length]!)}000000`,
    `20B2010400`,
    `0082${byte(other % 2)}${byte(choice % 256)}00`,
  ]
  const command = probes[choice % probes.length]!
  const answer = transmit(run, channel, command)
  run.seen.probes++
  for (const directory of model.directories)
    for (const place of directory.places) {
      const telling = place.content.slice(0, 512)
      if (telling.length < 24 || /^(00|FF)*$/.test(telling.slice(4)) || !answer.includes(telling)) continue
      if (directory !== model.directory(channel) || !model.allows(channel, place.read))
        expect.fail(`${command} gave ${place.name} away`)
    }
}

/** Bank and PKI applications have commands and a PIN of their own: they are only visited. */
function isModelled(spec: CardSpec, { name, environment }: ModelDirectory): boolean {
  return spec.operatingSystem === "iso" || name === "MF" || environment.name === "SSSE"
}

const pinCommand = (value: Uint8Array, right: boolean) =>
  concat(hex("00200000"), value.length, right ? value : value.map((digits) => digits ^ 0x11))

function keyCommand(
  run: Run,
  channel: number,
  { id, value }: { id: number; value: Uint8Array },
  right: boolean,
): Uint8Array {
  const { algorithm } = run.spec
  const challenge = hex(transmit(run, channel, "0084000008")).slice(0, 8)
  const original = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
  const data = concat(
    authenticationData(algorithm, challengeSessionKey(algorithm, value, challenge), original),
    original,
  )
  if (!right) data[0]! ^= 1
  return concat(hex("008200"), id, data.length, data)
}

function readCommand({ structure, sfi, number }: ModelPlace): string {
  if (structure === "object") return `00CA${number.toString(16).padStart(4, "0")}00`
  return structure === "transparent" ? `00B0${byte(0x80 | sfi)}0000` : `00B2${byte(number)}${byte((sfi << 3) | 4)}00`
}

function writeCommand({ structure, sfi, number }: ModelPlace, content: string): Uint8Array {
  if (structure === "object") return concat(hex("00DA"), number >> 8, number & 0xff, content.length / 2, hex(content))
  if (structure === "transparent") return hex(`00D6${byte(0x80 | sfi)}0001${content.slice(0, 2)}`)
  const [p1, mode] = structure === "cyclic" ? [0, 3] : [number, 4]
  return concat(0x00, 0xdc, p1, (sfi << 3) | mode, content.length / 2, hex(content))
}

/** The content with one byte that is another: the first of a transparent file, the last of a record. */
function changed({ structure, content }: ModelPlace, other: number): string {
  const value = byte(other & 0xff).toUpperCase()
  return structure === "transparent" ? value + content.slice(2) : content.slice(0, -2) + value
}

function written(places: readonly ModelPlace[], place: ModelPlace, content: string): void {
  if (place.structure !== "cyclic") {
    place.content = content
    return
  }
  const records = places.filter(({ name }) => name === place.name)
  for (let index = records.length - 1; index > 0; index--) records[index]!.content = records[index - 1]!.content
  records[0]!.content = content
}

describe("no sequence of commands without PIN or key reads or writes what they protect", () => {
  it.each([
    ["a card of 1.00", "employee-v1", 50],
    ["a card of 2.00", "employee", 90],
    ["a card of 3.00 with 3DES", "employee-v3-3des", 50],
    ["a card of 3.00 with SM4", "employee-v3", 50],
    ["an employer's card", "employer", 60],
    ["an ISO card with its channels", "iso", 160],
  ])("on %s, and with them it does", (_, profile, runs) => {
    const spec = profileToSpec(loadProfile(profile))
    const layout = compileLayout(spec)
    const seen = { allowedReads: 0, refusedReads: 0, allowedWrites: 0, refusedWrites: 0, probes: 0 }
    fc.assert(
      fc.property(steps, (list) => {
        const faults: unknown[] = []
        const card = cardFromLayout(layout, { seed: "model", onFault: (error) => faults.push(error) })
        card.powerOn()
        const run: Run = { card, model: new AccessModel(spec), spec, seen, mayChange: [] }
        let cells = card.memory.pages.snapshot()
        for (const step of list) {
          const { generation } = card.memory.pages
          run.mayChange = []
          take(run, step)
          if (card.memory.pages.generation === generation) continue
          const now = card.memory.pages.snapshot()
          for (const { place } of differences(layout, cells, now))
            if (!run.mayChange.some((name) => place === name || place.startsWith(`${name} `)))
              expect.fail(`${step} changed ${place}`)
          cells = now
        }
        expect(faults).toEqual([])
      }),
      { numRuns: runs },
    )
    for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(20)
  })
})
