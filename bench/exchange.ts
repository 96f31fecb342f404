import { hex } from "shebao/apdu"
import { pcscReaders, type ReaderSystem } from "shebao/terminal"
import { startVirtualCardProcess } from "shebao/virtual-reader"

/** How long one command and its answer take over pcscd and the virtual reader. */
export interface ExchangeFigure {
  readonly binding: string
  readonly card: "shebao" | "echo"
  readonly quickAck: boolean
  readonly medianMicroseconds: number
  readonly p99Microseconds: number
}

const BINDINGS = ["smartcard", "pcsclite", "pcsc-mini"] as const
const SELECT = hex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")
const SELECT_FILE = hex("00A4020002EF05")
const READ = hex("00B2010412")

const CARDS = {
  shebao: { module: import.meta.resolve("shebao/card"), export: "createCard", arguments: [{ profile: "employee" }] },
  echo: { module: new URL("./echo-card.js", import.meta.url), export: "echoCard" },
} as const

/**
 * Times READ RECORD of 18 bytes through each PC/SC module. Needs pcscd with the vpcd driver, running.
 *
 * @param count exchanges of each line; lines without quick acknowledgement, which may take 44 ms each, a fiftieth
 */
export async function benchExchange(count = 3000): Promise<ExchangeFigure[]> {
  const figures: ExchangeFigure[] = []
  for (const quickAck of [true, false]) {
    for (const card of ["shebao", "echo"] as const) {
      if (!quickAck && card === "echo") continue
      const served = await startVirtualCardProcess(CARDS[card] as never, { quickAck })
      try {
        for (const binding of BINDINGS)
          figures.push(await measure(card, binding, quickAck, quickAck ? count : Math.ceil(count / 50)))
      } finally {
        await served.stop()
      }
    }
  }
  return figures
}

async function measure(
  card: ExchangeFigure["card"],
  binding: (typeof BINDINGS)[number],
  quickAck: boolean,
  count: number,
): Promise<ExchangeFigure> {
  const system = await pcscReaders({ binding })
  try {
    const connection = await system.connect(await readerWithCard(system))
    for (const command of [SELECT, SELECT_FILE]) await connection.transmit(command)
    const times: number[] = []
    for (let i = -count / 10; i < count; i++) {
      const start = performance.now()
      await connection.transmit(READ)
      if (i >= 0) times.push(performance.now() - start)
    }
    await connection.close()
    times.sort((a, b) => a - b)
    const at = (share: number) => Math.round(1000 * times[Math.floor(share * (times.length - 1))]!)
    return { binding, card, quickAck, medianMicroseconds: at(0.5), p99Microseconds: at(0.99) }
  } finally {
    await system.close()
  }
}

/** Resolves when the service has told this client of the card. */
async function readerWithCard(system: ReaderSystem): Promise<string> {
  let tell: (reader: string) => void
  const told = new Promise<string>((resolve) => {
    tell = resolve
  })
  const watching = await system.watch((event) => {
    if (event.type === "card-inserted") tell(event.reader)
  })
  try {
    return await told
  } finally {
    await watching.close()
  }
}
