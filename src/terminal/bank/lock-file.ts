import { open, readFile, rm } from "node:fs/promises"
import { ShebaoError } from "../../apdu/index.js"

/**
 * Takes a file as a lock for this process; one that a process left behind when it died is taken over.
 *
 * @param code of the error when another living process holds it
 * @returns releases it; more than once is harmless
 */
export async function lockFile(path: string, code: string): Promise<() => Promise<void>> {
  for (let attempt = 0; ; attempt++) {
    try {
      const file = await open(path, "wx", 0o600)
      await file.writeFile(String(process.pid))
      await file.close()
      return () => rm(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
    }
    const holder = Number(await readFile(path, "utf8").catch(() => ""))
    if (attempt > 0 || isAlive(holder))
      throw new ShebaoError(code, `${path}: in use by process ${holder}.`, {
        messageZh: `${path}:正被进程${holder}使用`,
      })
    await rm(path, { force: true })
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, under another user.
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}
