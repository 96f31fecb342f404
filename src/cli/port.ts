import { inputError } from "./input-error.js"

/**
 * Reads a TCP port.
 *
 * @param lowest 0 where any free port may be asked for
 * @throws {InputError} field `port`
 */
export function parsePort(text: string, lowest: 0 | 1): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1
  if (port >= lowest && port < 65536) return port
  throw inputError("port", {
    en: `expected a port in ${lowest}..65535, got ${JSON.stringify(text)}`,
    zh: `应为 ${lowest} 至 65535 的端口,收到 ${JSON.stringify(text)}`,
  })
}
