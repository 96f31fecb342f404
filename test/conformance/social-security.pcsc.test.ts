import { execFile } from "node:child_process"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { createCard } from "../../src/card/index.js"
import {
  BINDING_NAMES,
  type CardSession,
  changePin,
  isInstalled,
  openCard,
  type PcscReaderSystem,
  pcscReaders,
  testKeyService,
  writeCard,
} from "../../src/terminal/index.js"
import type { VirtualReader } from "../../src/virtual-reader/index.js"
import { hasPcscd, inserted, pcscdForThisFile, USER_READER } from "../terminal/pcsc/machine.js"
import { socialSecuritySuite } from "./social-security.js"

/** Resolves when PC/SC shows a card in the reader, or none. Unlike `expect.poll` this may stand in a hook. */
const shown = (system: PcscReaderSystem, wanted: boolean): Promise<void> =>
  vi.waitFor(
    async () => {
      const reader = (await system.readers()).find(({ name }) => name === USER_READER)
      if ((reader?.atr !== undefined) !== wanted) throw new Error(`expected a card in ${USER_READER}: ${wanted}`)
    },
    { timeout: 10_000, interval: 20 },
  )

describe.runIf(hasPcscd)("a social security card in pcscd", () => {
  pcscdForThisFile()

  describe.each(BINDING_NAMES)("over %s", (binding) => {
    describe.skipIf(!isInstalled(binding))("", () => {
      let slot: VirtualReader | undefined
      let system: PcscReaderSystem
      let session: CardSession | undefined
      beforeAll(async () => {
        system = await pcscReaders({ binding })
      })
      const remove = async () => {
        await session?.close()
        await slot?.close()
        session = undefined
        slot = undefined
      }
      afterAll(async () => {
        await remove()
        await system.close()
      })

      socialSecuritySuite({
        async insert(profile) {
          await remove()
          await shown(system, false)
          slot = await inserted(createCard({ profile, seed: 1 }))
          await shown(system, true)
          session = await openCard(system, { reader: USER_READER })
          return session
        },
      })
    })
  })

  describe("other programs read it as we do", () => {
    let slot: VirtualReader | undefined
    afterEach(() => slot?.close())

    const run = (program: string, words: readonly string[]): Promise<string> =>
      new Promise((resolve) => {
        execFile(
          program,
          [...words],
          { timeout: 20_000, env: { ...process.env, PYTHONIOENCODING: "utf-8" } },
          (_, out, errors) => resolve(`${out}${errors}`),
        )
      })
    const insert = async (profile: string): Promise<void> => {
      slot = await inserted(createCard({ profile, seed: 1 }))
    }

    it.each([
      ["employee-v1", "312E3030"],
      ["employee", "322E3030"],
      ["employee-v3", "332E3030"],
    ])("opensc-tool: version of %s", async (profile, version) => {
      await insert(profile)
      const commands = ["00A404000F7378312E73682EC9E7BBE1B1A3D5CF", "00A4020002EF05", "00B2030406"]
      const out = await run("opensc-tool", ["-r", USER_READER, ...commands.flatMap((command) => ["-s", command])])
      expect(out.replace(/[^0-9A-F]/g, "")).toContain(`0304${version}`)
    })

    it.each([
      ["employee-v1", "1.00 测试六号"],
      ["employee", "2.00 测试一号"],
      // Holder data are for keys only, and a wrong one costs a try.
      ["employee-v3", "3.00 6982 63C2"],
    ])("pyscard: %s is %s", async (profile, expected) => {
      await insert(profile)
      const program = `
from smartcard.System import readers
from smartcard.util import toBytes
connection = [r for r in readers() if str(r) == ${JSON.stringify(USER_READER)}][0].createConnection()
connection.connect()
def send(command):
    data, sw1, sw2 = connection.transmit(toBytes(command))
    return bytes(data), "%02X%02X" % (sw1, sw2)
send("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")
send("00A4020002EF05")
version = send("00B2030406")[0][2:].decode("ascii")
send("00A4020002EF06")
name, status = send("00B2090020")
if status == "9000":
    print(version, name[2:].rstrip(b"\\0").decode("gbk"))
else:
    send("0084000008")
    send("0084000008")
    print(version, status, send("0082000A10" + "00" * 16)[1])
`
      expect((await run("/usr/bin/python3", ["-c", program])).trim()).toBe(expected)
    })

    it("pyscard: what we wrote, and the PIN that we changed", async () => {
      await insert("employee")
      const system = await pcscReaders({ binding: BINDING_NAMES.find(isInstalled)! })
      try {
        const session = await openCard(system, { reader: USER_READER })
        const fields = { phone: "13000000066" }
        const writes = [{ directory: "DF01", fid: 0xef06, fields }] as const
        expect(await writeCard(session, { keys: testKeyService(), writes })).toMatchObject({ ok: true })
        expect(await changePin(session, { oldPin: "123456", newPin: "246810" })).toEqual({ ok: true })
        await session.close()
      } finally {
        await system.close()
      }
      const program = `
from smartcard.System import readers
from smartcard.util import toBytes
connection = [r for r in readers() if str(r) == ${JSON.stringify(USER_READER)}][0].createConnection()
connection.connect()
for command in ("00A404000F7378312E73682EC9E7BBE1B1A3D5CF", "00A4000002DF01", "0020000003246810", "00A4020002EF06", "00B2280011"):
    data, sw1, sw2 = connection.transmit(toBytes(command))
print(bytes(data[2:]).rstrip(b"\\0").decode("ascii"), "%02X%02X" % (sw1, sw2))
`
      expect((await run("/usr/bin/python3", ["-c", program])).trim()).toBe("13000000066 9000")
    })
  })
})
