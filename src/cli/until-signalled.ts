/** Resolves at SIGINT or SIGTERM. A second signal has its usual effect. */
export function untilSignalled(): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      process.off("SIGINT", end).off("SIGTERM", end)
      resolve()
    }
    process.on("SIGINT", end).on("SIGTERM", end)
  })
}
