export {
  type BankTerminal,
  type BankTerminalOptions,
  type BatchClosed,
  bankTerminal,
  type Readiness,
  type TerminalEvent,
} from "./bank-terminal.js"
export {
  type AcceptorFault,
  type CashAcceptor,
  type EscrowPosition,
  type SimulatedAcceptor,
  simulatedAcceptor,
} from "./cash-acceptor.js"
export type {
  CashDispenser,
  DispenseCheck,
  NotesPosition,
  PresentResult,
  RetractResult,
  StackResult,
} from "./cash-dispenser.js"
export { fileJournal } from "./file-journal.js"
export type { HostAnswer } from "./host-answer.js"
export {
  type Journal,
  type JournalRecord,
  type JournalState,
  memoryJournal,
  type OpenTransaction,
  type QueuedMessage,
  type Step,
} from "./journal.js"
export { type KeyModule, type KeyModuleOptions, keyModule } from "./key-module.js"
export { type LocalTime, localTime } from "./local-time.js"
export type { Advice, CardIdentity, ReversalReason, TerminalKind } from "./messages.js"
export {
  type PinPad,
  type PinPrompt,
  type PinQuestion,
  type PinTyping,
  scriptedPinPad,
  softwarePinPad,
} from "./pin-pad.js"
export { type CashDevices, type Recovered, recover } from "./recovery.js"
export {
  type CashPositions,
  type DispenserFault,
  type SimulatedDispenser,
  type SimulatedDispenserOptions,
  simulatedDispenser,
} from "./simulated-dispenser.js"
export { type Scheduler, timerScheduler } from "./store-and-forward.js"
export type { Inquiry, MoneyTransaction, StepDetails } from "./transaction.js"
