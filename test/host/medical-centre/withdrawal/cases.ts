import type { MedicalCentre, WithdrawalApplicationJson } from "../../../../src/host/index.js"
import { PERSON, RETIREE, SPOUSE } from "../world.js"

/** A complete application of the widow of the insured, who died on 1 June 2025. */
export const DEATH: WithdrawalApplicationJson = {
  id: "CASE-1",
  condition: "DEATH",
  person: PERSON,
  applicant: { name: "测试配偶", id: SPOUSE, role: "heir" },
  evidence: [
    {
      type: "DEATH_MEDICAL",
      number: "D-0001",
      issuer: "测试医院",
      issuedOn: "2025-06-02",
      eventOn: "2025-06-01",
      holderId: PERSON,
      holderName: "测试一号",
    },
  ],
  materials: ["applicantId", "relationProof", "applicationForm", "payeeAccount", "originalCard"],
  heirs: [
    {
      name: "测试配偶",
      id: SPOUSE,
      kinship: "SPOUSE",
      proof: "MARRIAGE",
      payee: { accountNumber: "6217000000000000046", accountName: "测试配偶" },
    },
  ],
}

/** A complete application of the insured, who settles abroad. */
export const EMIGRATION: WithdrawalApplicationJson = {
  id: "CASE-2",
  condition: "EMIGRATION",
  person: PERSON,
  applicant: { name: "测试一号", id: PERSON, role: "self" },
  evidence: [
    {
      type: "EXIT_CERT",
      number: "E-0001",
      issuer: "出入境管理",
      issuedOn: "2025-06-02",
      eventOn: "2025-06-01",
      holderId: PERSON,
      holderName: "测试一号",
    },
  ],
  materials: ["applicantId", "applicationForm", "payeeAccount", "originalCard"],
  payee: { accountNumber: "6217000000000000046", accountName: "测试一号" },
}

export const CHILD: NonNullable<WithdrawalApplicationJson["heirs"]>[number] = {
  name: "测试子女",
  id: "999999197511200240",
  kinship: "CHILD",
  proof: "HUKOU",
  payee: { accountNumber: "6217999999000000017", accountName: "测试子女" },
}

export const PARENT: NonNullable<WithdrawalApplicationJson["heirs"]>[number] = {
  name: "测试父亲",
  id: RETIREE,
  kinship: "PARENT",
  proof: "HUKOU",
  payee: { accountNumber: "6228480000000000000", accountName: "测试父亲" },
}

/** Several heirs with their agreement. */
export const SEVERAL: WithdrawalApplicationJson = {
  ...DEATH,
  materials: [...DEATH.materials!, "heirsAgreement"],
  heirs: [...DEATH.heirs!, CHILD, PARENT],
}

/** Changes the first evidence. */
export const withEvidence = (
  application: WithdrawalApplicationJson,
  changes: Partial<NonNullable<WithdrawalApplicationJson["evidence"]>[number]>,
): WithdrawalApplicationJson => ({ ...application, evidence: [{ ...application.evidence![0]!, ...changes }] })

/** Runs a case to its end, or to the first step that refuses. */
export async function runCase({ withdrawals }: MedicalCentre, application: WithdrawalApplicationJson) {
  const { id } = application
  let outcome = await withdrawals.submit(application, "window-1")
  if (outcome.ok) outcome = await withdrawals.verify(id, "window-1")
  if (outcome.ok) outcome = await withdrawals.freeze(id, "window-1")
  if (outcome.ok) outcome = await withdrawals.approve(id, "chief-1")
  if (outcome.ok) outcome = await withdrawals.pay(id, "cashier-1")
  return outcome
}
