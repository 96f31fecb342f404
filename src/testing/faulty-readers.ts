import { type FaultPlan, faultTransport, type ReaderSystem } from "../terminal/index.js"

/**
 * Readers whose every connection goes through a fault plan; commands are counted anew for each connection.
 *
 * @example const card = await openCard(faultyReaders(memoryReader(createCard({ profile: "employee" })), diesAfter(5)))
 */
export function faultyReaders(readers: ReaderSystem, plan: FaultPlan): ReaderSystem {
  return {
    name: readers.name,
    readers: () => readers.readers(),
    watch: (onEvent, onError) => readers.watch(onEvent, onError),
    close: () => readers.close(),
    async connect(reader, options) {
      const connection = await readers.connect(reader, options)
      return {
        reader: connection.reader,
        atr: connection.atr,
        protocol: connection.protocol,
        transmit: faultTransport(connection, plan).transmit,
        reset: (kind) => connection.reset(kind),
        transaction: (body) => connection.transaction(body),
        disconnect: (then) => connection.disconnect(then),
        close: () => connection.close(),
      }
    },
  }
}
