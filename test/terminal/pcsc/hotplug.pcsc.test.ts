import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type RunningPcscd, startPcscd } from "../../../scripts/pcscd.mjs"
import { BINDING_NAMES, isInstalled, pcscReaders } from "../../../src/terminal/pcsc/index.js"
import { eventLog, hasPcscd, pcscdIsOurs, SAM_READER, USER_READER } from "./machine.js"

describe.runIf(hasPcscd)("9.2.14 a service without readers", () => {
  pcscdIsOurs()
  let folder: string
  let daemon: RunningPcscd

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "shebao-no-readers-"))
    daemon = await startPcscd({ configuration: folder })
  })
  afterEach(async () => {
    await daemon.stop()
    rmSync(folder, { recursive: true })
  })

  describe.each(BINDING_NAMES)("over %s", (binding) => {
    it.skipIf(!isInstalled(binding))("is no error; readers appear when there are some", async () => {
      const system = await pcscReaders({ binding })
      const log = eventLog()
      try {
        expect(await system.readers()).toEqual([])
        await system.watch(log.onEvent, log.onError)
        await expect(system.connect(USER_READER)).rejects.toMatchObject({ code: "READER_GONE" })
        expect(log.events).toEqual([])
        expect(log.errors).toEqual([])

        // The packaged pcscd cannot be told to look for serial readers again: it is restarted with its usual ones.
        await daemon.stop()
        await log.until(() => log.errors.length === 1)
        daemon = await startPcscd()
        await log.until(() => log.events.length === 2)
        expect(log.brief().sort()).toEqual(["reader-added 00", "reader-added 01"])
        expect((await system.readers()).map(({ name }) => name).sort()).toEqual([USER_READER, SAM_READER])
      } finally {
        await system.close()
      }
    })
  })
})
