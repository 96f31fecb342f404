/** A hold on the PC/SC service, taken where a binding is installed. */
export interface ServiceHold {
  /** Takes the hold anew; a refusal is ignored, the next call tries again. Call it before each attempt to connect. */
  wake(): void
  close(): Promise<void>
}

/**
 * Keeps pcscd up. Under systemd it starts only when a PC/SC program asks, and ends 60 seconds after the last one left; a
 * card on the virtual reader does not count as one (readers §3.7).
 */
export function keepServiceAwake(): ServiceHold {
  let hold: { close(): Promise<void> } | undefined
  let taking: Promise<void> | undefined
  let over = false

  const take = async () => {
    try {
      const { holdPcscService } = await import("../terminal/index.js")
      await hold?.close() // It may have died with the service.
      hold = undefined
      hold = await holdPcscService()
    } catch {
      // No binding, or no service yet: the reader keeps dialling.
    }
  }

  return {
    wake() {
      if (over) return
      taking ??= take().finally(() => (taking = undefined))
    },
    async close() {
      over = true
      await taking
      await hold?.close()
    },
  }
}
