import { toHex } from "../../apdu/index.js"
import { asSocialSecurityProfile, createCard, loadProfile } from "../../card/index.js"
import { type MedicalCentreLink, parseYuan } from "../../dictionary/index.js"
import { medicalCentre } from "../../host/index.js"
import {
  activateFinancial,
  activateSocial,
  type BankTerminal,
  type CardSession,
  deposit,
  financialBalance,
  medicalBalances,
  medicalWithdrawal,
  memoryReader,
  openCard,
  type PinPad,
  readCard,
  scriptedPinPad,
  simulatedAcceptor,
  simulatedDispenser,
  withdraw,
} from "../../terminal/index.js"
import { type OpenedBank, openTerminals } from "../bank-source.js"
import { cardDocument } from "../card-document.js"
import { EXIT } from "../exit-codes.js"
import { localBank } from "../local-bank.js"
import { notesFor } from "../notes.js"
import type { CommonArguments } from "../options.js"
import type { Output } from "../output.js"
import { cardLines, medicalLines } from "../reading-table.js"
import type { PrintableRefusal } from "../refusal.js"
import { openTrace } from "../trace-sink.js"
import { createStage, type Stage, yuan } from "./stage.js"

export interface DemoArguments extends CommonArguments {
  readonly profile: string
  readonly trace?: string
  readonly unsafeTrace?: boolean
}

/** What the holder of the demo's card types and hands over. */
const HOLDER = {
  newPin: "246813",
  bankPin: "135790",
  wrongPin: "864209",
  depositFen: parseYuan("2000.00"),
  withdrawalFen: parseYuan("500.00"),
  tooMuchFen: parseYuan("3000.00"),
}

/** Everything that the scenes play with. */
interface Props {
  readonly stage: Stage
  readonly output: Output
  readonly session: CardSession
  readonly bank: OpenedBank
  readonly centre: MedicalCentreLink
  readonly initialPin: string
}

type Scene = (props: Props) => Promise<boolean>

/**
 * Runs the main job on an emulated card that nobody has used yet: identity, both activations, balances, deposit,
 * withdrawal, and what is refused. Every line comes from the card, the bank or the medical centre.
 *
 * @returns the exit code: 1 when something was refused that should have worked, or the other way round
 */
export async function runDemo(args: DemoArguments, output: Output): Promise<number> {
  const profile = asSocialSecurityProfile(loadProfile(args.profile))
  const trace = openTrace(args, output)
  const stage = createStage(output)
  const local = await localBank({ profiles: [profile] })
  const bank = openTerminals(local, () => local.link(), { journalFolder: undefined, trace, output })
  const reader = memoryReader()
  try {
    stage.scene({ en: "The card goes into the reader", zh: "插卡" })
    reader.insert(createCard({ profile }))
    await reader.waitFor("card-inserted")
    const session = await openCard(reader, {
      ...(trace && { trace: trace.card, unsafeTrace: args.unsafeTrace ?? false }),
    })
    stage.tell(
      { type: "card-inserted", reader: session.reader, atr: session.atr, protocol: session.protocol },
      { en: `ATR ${toHex(session.atr)}, ${session.protocol}`, zh: `ATR ${toHex(session.atr)},${session.protocol}` },
    )
    const props = { stage, output, session, bank, centre: medicalCentre(), initialPin: profile.pin.value }
    for (const scene of SCENES) if (!(await scene(props))) return EXIT.REFUSED
    return EXIT.DONE
  } finally {
    await bank.close()
    await reader.close()
    trace?.close()
  }
}

const SCENES: readonly Scene[] = [
  identity,
  enableSocialSecurity,
  activateAccount,
  showBalances,
  payIn,
  takeOut,
  askForTooMuch,
  mistypePin,
  askForPooledMoney,
  askForMedicalMoney,
  closeTheBooks,
]

async function identity({ stage, output, session }: Props): Promise<boolean> {
  stage.scene({ en: "Who the card belongs to (free to read)", zh: "读取持卡人与发卡信息(免密)" })
  const reading = await readCard(session, { onEvent: stage.onCardEvent })
  if (!reading.ok) return unexpected(stage, reading)
  stage.show({ type: "identity", ...cardDocument(reading) }, cardLines(output, reading))
  return true
}

async function enableSocialSecurity({ stage, session, initialPin }: Props): Promise<boolean> {
  stage.scene({ en: "Social security function enabled: the initial PIN must go", zh: "社保功能启用:须修改初始密码" })
  const outcome = await activateSocial(session, { initialPin, newPin: HOLDER.newPin, onEvent: stage.onCardEvent })
  if (!outcome.ok) return unexpected(stage, outcome)
  stage.tell({ type: "social-activated" }, { en: "social security function enabled", zh: "社保功能已启用" })
  return true
}

async function activateAccount({ stage, session, bank }: Props): Promise<boolean> {
  stage.scene({ en: "Financial account activated at a branch", zh: "网点激活金融账户" })
  const terminal = await bank.terminal("teller")
  const reading = await readCard(session)
  if (!reading.ok) return unexpected(stage, reading)
  const { socialSecurityNumber, name } = reading.person.values
  const outcome = await activateFinancial(session, {
    terminal,
    pinPad: typing(terminal, HOLDER.bankPin, HOLDER.bankPin),
    holder: { identityNumber: String(socialSecurityNumber), name: String(name) },
    teller: "T001",
    onEvent: stage.onFinancialEvent,
  })
  if (!outcome.ok) return unexpected(stage, outcome)
  stage.tell(
    { type: "financial-activated", confirmed: outcome.confirmed },
    { en: "financial account active", zh: "金融账户已激活" },
  )
  return true
}

async function showBalances({ stage, output, session, bank }: Props): Promise<boolean> {
  stage.scene({ en: "Balances", zh: "余额查询" })
  const terminal = await bank.terminal("atm")
  const pinPad = typing(terminal, HOLDER.bankPin)
  const balance = await financialBalance(session, { terminal, pinPad, onEvent: stage.onFinancialEvent })
  if (!balance.ok) return unexpected(stage, balance)
  stage.tell(
    { type: "financial-balance", availableFen: balance.availableFen },
    {
      en: `financial account, from the bank: ${yuan(balance.availableFen)}`,
      zh: `金融账户(银行):${yuan(balance.availableFen)} 元`,
    },
  )
  const medical = await medicalBalances(session, { pin: HOLDER.newPin, onEvent: stage.onCardEvent })
  if (!medical.ok) return unexpected(stage, medical)
  stage.show({ type: "medical-balances", ...medical }, medicalLines(output, medical))
  return true
}

async function payIn({ stage, session, bank }: Props): Promise<boolean> {
  const amount = yuan(HOLDER.depositFen)
  stage.scene({ en: `Deposit of ${amount} at the counter`, zh: `柜台存款 ${amount} 元` })
  const terminal = await bank.terminal("teller")
  const acceptor = simulatedAcceptor()
  acceptor.insert(notesFor(HOLDER.depositFen, "amount"))
  const outcome = await deposit(session, { terminal, acceptor, teller: "T001", onEvent: stage.onFinancialEvent })
  if (!outcome.ok) return unexpected(stage, outcome)
  stage.tell(
    { type: "deposited", amountFen: outcome.amountFen },
    { en: `paid in: ${amount}`, zh: `已存入 ${amount} 元` },
  )
  return true
}

async function takeOut({ stage, session, bank }: Props): Promise<boolean> {
  const amount = yuan(HOLDER.withdrawalFen)
  stage.scene({ en: `Withdrawal of ${amount} at an ATM`, zh: `自动柜员机取款 ${amount} 元` })
  const outcome = await atAtm({ stage, session, bank }, HOLDER.bankPin, HOLDER.withdrawalFen)
  if (!outcome.ok) return unexpected(stage, outcome)
  const left = outcome.availableFen === undefined ? "-" : yuan(outcome.availableFen)
  stage.tell(
    { type: "withdrawn", amountFen: outcome.amountFen, availableFen: outcome.availableFen },
    {
      en: `paid out: ${yuan(outcome.amountFen)}, left: ${left}`,
      zh: `已出钞 ${yuan(outcome.amountFen)} 元,可用余额 ${left} 元`,
    },
  )
  return true
}

async function askForTooMuch(props: Props): Promise<boolean> {
  const { stage } = props
  const amount = yuan(HOLDER.tooMuchFen)
  stage.scene({ en: `Refused: ${amount}, more than the balance`, zh: `拒绝情形:取款 ${amount} 元,超过余额` })
  return expectRefusal(stage, await atAtm(props, HOLDER.bankPin, HOLDER.tooMuchFen), "51")
}

async function mistypePin(props: Props): Promise<boolean> {
  props.stage.scene({ en: "Refused: a wrong PIN", zh: "拒绝情形:密码错误" })
  return expectRefusal(props.stage, await atAtm(props, HOLDER.wrongPin, HOLDER.withdrawalFen), "55")
}

async function askForPooledMoney({ stage, centre }: Props): Promise<boolean> {
  stage.scene({ en: "Refused: money from the pooled account", zh: "拒绝情形:提取统筹账户资金" })
  const onEvent = stage.onMedicalEvent
  const answer = await medicalWithdrawal({ centre, account: "pooled", channel: "medicalCentre", onEvent })
  return expectRefusal(stage, answer, "W01")
}

async function askForMedicalMoney({ stage, centre }: Props): Promise<boolean> {
  stage.scene({ en: "Refused: medical money without a lawful reason", zh: "拒绝情形:无法定事由提取医保个人账户" })
  const onEvent = stage.onMedicalEvent
  const answer = await medicalWithdrawal({ centre, account: "personal", channel: "medicalCentre", onEvent })
  return expectRefusal(stage, answer, "W02")
}

async function closeTheBooks({ stage, bank }: Props): Promise<boolean> {
  stage.scene({ en: "The bank checks its books", zh: "银行核对账目" })
  const check = await bank.bank!.ledger.verify()
  stage.tell(
    { type: "ledger", ok: check.ok, entries: check.entries },
    check.ok
      ? {
          en: `${check.entries} entries, sum zero, every invariant holds`,
          zh: `共 ${check.entries} 笔分录,借贷平衡,各项校验通过`,
        }
      : { en: `${check.violations.length} violations`, zh: `发现 ${check.violations.length} 处不符` },
  )
  return check.ok
}

async function atAtm(
  { stage, session, bank }: Pick<Props, "stage" | "session" | "bank">,
  pin: string,
  amountFen: number,
) {
  const terminal = await bank.terminal("atm")
  const dispenser = simulatedDispenser()
  return withdraw(session, {
    terminal,
    pinPad: typing(terminal, pin),
    dispenser,
    amountFen,
    onEvent: stage.onFinancialEvent,
  })
}

/** A PIN pad on which the holder types these PINs, then gives up. */
function typing(terminal: BankTerminal, ...pins: string[]): PinPad {
  return scriptedPinPad(terminal.keys, pins)
}

type Answer = { readonly ok: true } | ({ readonly ok: false } & PrintableRefusal)

function unexpected(stage: Stage, refusal: PrintableRefusal): false {
  stage.refused(refusal)
  return false
}

function expectRefusal(stage: Stage, answer: Answer, code: string): boolean {
  if (answer.ok) return false
  stage.refused(answer)
  return answer.code === code
}
