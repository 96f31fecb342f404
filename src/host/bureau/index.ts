export { type Bureau, type BureauOptions, createBureau, type Holder } from "./bureau.js"
export type { BureauAsker, BureauQuestion } from "./context.js"
export type { Declared, MonthPaid, TicketAnswer, UnitAsker, UnitQuery, UnitRecords } from "./employers.js"
export {
  type BureauRecordQuery,
  type BureauRecords,
  type PaymentLine,
  RECORD_OBJECTS,
  type RecordObject,
  type StatementLine,
  type SupervisionLine,
  type Ticket,
} from "./records.js"
export { bureauRoutes } from "./routes.js"
export { INSURANCES } from "./rules/contributions.js"
export type { BureauRefusal, BureauStep } from "./rules/explain.js"
export type { ServiceDone, ServiceOutcome, ServiceRequest } from "./serve.js"
export { SERVICE_NAMES, type ServiceName } from "./service-schemas.js"
