import { randomBytes } from "node:crypto"
import type { Argv } from "yargs"
import { businessTime } from "../../dictionary/index.js"
import { type EmvCardReading, posConfiguration, readEmvCard, testAuthorityKeys } from "../../terminal/index.js"
import { withCard } from "../card-source.js"
import { emvDocument, emvLines } from "../emv-table.js"
import { EXIT } from "../exit-codes.js"
import { type CardArguments, cardOptions, type Say } from "../options.js"
import type { Output } from "../output.js"

interface EmvArguments extends CardArguments {
  readonly action: "read"
}

export function builder(parser: Argv, say: Say) {
  return cardOptions(parser, say).positional("action", {
    choices: ["read"] as const,
    demandOption: true,
    describe: say({
      en: "read: every payment application, its data and log, signatures checked with the published test keys",
      zh: "read 读取所有支付应用的数据和日志,用公开测试密钥做脱机数据认证",
    }),
  })
}

export async function handler(args: EmvArguments, output: Output): Promise<number> {
  return withCard(args, output, async ({ session }) => {
    const { date, time } = businessTime(Date.now())
    const reading: EmvCardReading = await session.transaction(() =>
      readEmvCard(session, {
        configuration: posConfiguration({ authorityKeys: testAuthorityKeys(), capabilities: READER_CAPABILITIES }),
        input: { date: date.slice(2), time, unpredictableNumber: new Uint8Array(randomBytes(4)) },
      }),
    )
    for (const line of emvLines(output, reading)) output.line(line)
    output.document(emvDocument(output, reading))
    return reading.applications.length > 0 ? EXIT.DONE : EXIT.REFUSED
  })
}

/** No verification of the holder; SDA and DDA: a reading ends before the cryptogram that CDA would sign. */
const READER_CAPABILITIES = Uint8Array.of(0x60, 0x08, 0xc0)
