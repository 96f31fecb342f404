import { CardRemovedError, type ShebaoError, type Transport } from "../../apdu/index.js"

/** What goes wrong with one exchange. */
export type Fault =
  /** The answer comes late. */
  | { readonly kind: "delay"; readonly milliseconds: number }
  /** The card is gone before the command reaches it. */
  | { readonly kind: "remove" }
  /** The card runs the command and is gone before its answer arrives. */
  | { readonly kind: "lose-answer" }
  /** The card never sees the command; this answer comes instead. */
  | { readonly kind: "answer"; readonly response: Uint8Array }
  /** The card runs the command; its answer is changed on the way. */
  | { readonly kind: "change-answer"; readonly change: (response: Uint8Array) => Uint8Array }
  /** The exchange fails with this error; the card never sees the command. */
  | { readonly kind: "fail"; readonly error: ShebaoError }

/**
 * Decides for every command whether something goes wrong. `shebao/testing` has ready ones.
 *
 * @param number 1 for the first command on the transport
 */
export type FaultPlan = (command: Uint8Array, number: number) => Fault | undefined

/** Puts the faults of a plan between terminal and card. A card that a fault removed stays away. */
export function faultTransport(transport: Transport, plan: FaultPlan): Transport {
  let number = 0
  let removed = false
  return {
    async transmit(command) {
      if (removed) throw new CardRemovedError()
      number += 1
      const fault = plan(command, number)
      switch (fault?.kind) {
        case undefined:
          return transport.transmit(command)
        case "delay":
          await new Promise((resolve) => setTimeout(resolve, fault.milliseconds))
          return transport.transmit(command)
        case "remove":
          removed = true
          throw new CardRemovedError()
        case "lose-answer":
          removed = true
          await transport.transmit(command)
          throw new CardRemovedError()
        case "answer":
          return fault.response
        case "change-answer":
          return fault.change(await transport.transmit(command))
        case "fail":
          throw fault.error
      }
    },
    close: () => transport.close(),
  }
}
