import { chooseBinding } from "./load.js"

/**
 * Opens a PC/SC context and does nothing with it: the service starts where a socket starts it, and does not end for
 * lack of programs (readers §3.7).
 *
 * @throws {ShebaoError} `BINDING_MISSING`, `BINDING_BROKEN`, `NO_SERVICE`, `ACCESS_DENIED`
 */
export async function holdPcscService(): Promise<{ close(): Promise<void> }> {
  const context = await (await chooseBinding()).open()
  return { close: () => context.close() }
}
