import { afterEach, describe, expect, it } from "vitest"
import {
  aboutRoutes,
  type HttpEvent,
  medicalRoutes,
  NATIONAL_PATH,
  nationalRoutes,
  type RunningHttpServer,
  startHttpServer,
} from "../../../../src/host/index.js"
import { CARD_NUMBER, CLINIC, HOSPITAL, openMedicalWorld, PERSON, yuan } from "../world.js"

const running: RunningHttpServer[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

// biome-ignore lint/suspicious/noExplicitAny: answers have many shapes
type Answer = { infcode?: number; err_msg?: string; output?: any; field?: string; code?: string }

/** A hospital's program: signs in and sends transactions. */
async function openHospital(provider = HOSPITAL) {
  const world = await openMedicalWorld()
  const log: HttpEvent[] = []
  const routes = nationalRoutes(world.centre, { clock: world.clock })
  const server = await startHttpServer({ routes, onEvent: (event) => log.push(event), maximumBody: 1 << 20 })
  running.push(server)
  let number = 0
  const messageId = () => `H99000000001${String(++number).padStart(8, "0")}`

  async function call(
    infno: string,
    input: object,
    changes: object = {},
  ): Promise<{ status: number; answer: Answer; msgid: string }> {
    const envelope = {
      infno,
      msgid: messageId(),
      mdtrtarea_admvs: "990100",
      opter: "nurse-1",
      opter_name: "测试操作员",
      inf_time: "2025-06-10 10:00:00",
      fixmedins_code: provider,
      sign_no: signNumber,
      input,
      ...changes,
    }
    const response = await fetch(`${server.url}${NATIONAL_PATH}/${infno}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(envelope),
    })
    return { status: response.status, answer: (await response.json()) as Answer, msgid: envelope.msgid }
  }

  let signNumber: string | null = null
  const signIn = await call("9001", { signIn: { opter_no: "nurse-1" } })
  signNumber = signIn.answer.output.signinoutb.sign_no
  return { ...world, call, log, server }
}

const PERSON_INPUT = {
  data: { mdtrt_cert_type: "03", mdtrt_cert_no: CARD_NUMBER, certno: PERSON, psn_name: "测试一号" },
}
/** Case I of domain-rules §6.4, with 4,200.00 in the account. */
const FEES = [
  { med_list_codg: "C01", chrgitm_lv: "3", list_type: "item", det_item_fee_sumamt: 2000 },
  { med_list_codg: "B01", chrgitm_lv: "2", det_item_fee_sumamt: "10000.00" },
  { med_list_codg: "A01", chrgitm_lv: "01", det_item_fee_sumamt: 28000 },
]

async function admit(hospital: Awaited<ReturnType<typeof openHospital>>) {
  const { answer } = await hospital.call("1101", PERSON_INPUT)
  const personNumber = answer.output.baseinfo.psn_no as string
  const admission = await hospital.call("2401", { data: { psn_no: personNumber, med_type: "21" } })
  const visit = admission.answer.output.data.mdtrt_id as string
  const input = (changes: object = {}, fees: object[] = FEES) => ({
    data: { psn_no: personNumber, mdtrt_id: visit, medfee_sumamt: 40000, pin_verified_flag: "1", ...changes },
    feedetail: fees,
  })
  return { personNumber, visit, input, admission }
}

describe("national platform messages (domain-rules §15)", () => {
  it("sign in, person, admission, pre-settle, settle, reconcile", async () => {
    const hospital = await openHospital()
    const person = await hospital.call("1101", PERSON_INPUT)
    expect(person.answer).toMatchObject({
      infcode: 0,
      output: {
        baseinfo: { certno: PERSON, gend: "1", brdy: "1990-01-01" },
        insuinfo: [{ insutype: "310", psn_type: "11", psn_insu_stas: "1", balc: 4200 }],
      },
    })
    const { input } = await admit(hospital)
    const shown = await hospital.call("2303", input({ pin_verified_flag: "0" }))
    const settled = await hospital.call("2304", input({ fund_pay_sumamt: 30950, psn_cash_pay: 4850 }))
    expect(settled.answer).toMatchObject({
      infcode: 0,
      output: {
        setlinfo: {
          setl_id: settled.msgid,
          medfee_sumamt: 40000,
          fulamt_ownpay_amt: 2000,
          preselfpay_amt: 1000,
          inscp_scp_amt: 37000,
          act_pay_dedc: 1000,
          hifp_pay: 30950,
          fund_pay_sumamt: 30950,
          psn_part_amt: 9050,
          acct_pay: 4200,
          psn_cash_pay: 4850,
          balc: 0,
        },
        setldetail: [
          { fund_pay_type: "310100", fund_payamt: 30950 },
          { fund_pay_type: "310200", fund_payamt: 4200 },
        ],
      },
    })
    expect(shown.answer.output.setlinfo).toEqual({ ...settled.answer.output.setlinfo, setl_id: shown.msgid })
    const stmt = {
      stmt_begndate: "2025-06-01",
      stmt_enddate: "2025-06-30",
      fund_pay_sumamt: 30950,
      acct_pay: 4200,
      fixmedins_setl_cnt: 1,
    }
    const balanced = await hospital.call("3201", { data: stmt })
    expect(balanced.answer.output.stmtinfo).toMatchObject({ stmt_rslt: "0", stmt_rslt_dscr: "000000" })
    const differs = await hospital.call("3201", { data: { ...stmt, fixmedins_setl_cnt: "2" } })
    expect(differs.answer.output.stmtinfo).toMatchObject({
      stmt_rslt: "1",
      stmt_rslt_dscr: "000103",
      fixmedins_setl_cnt: 1,
    })
  })

  it("identity: funds, account, family, cash and hospital part are the total (domain-rules §6.2)", async () => {
    const hospital = await openHospital()
    const { input } = await admit(hospital)
    const { setlinfo } = (await hospital.call("2304", input())).answer.output
    const parts =
      setlinfo.fund_pay_sumamt +
      setlinfo.acct_pay +
      setlinfo.acct_mulaid_pay +
      setlinfo.psn_cash_pay +
      setlinfo.hosp_part_amt
    expect(parts).toBe(setlinfo.medfee_sumamt)
  })

  it("a message sent again is answered as before, and settles once", async () => {
    const hospital = await openHospital()
    const { input, admission } = await admit(hospital)
    const again = await hospital.call(
      "2401",
      { data: { psn_no: "P000000001", med_type: "21" } },
      { msgid: admission.msgid },
    )
    expect(again.answer.output).toEqual(admission.answer.output)
    const first = await hospital.call("2304", input())
    const second = await hospital.call("2304", input(), { msgid: first.msgid })
    expect(second.answer.output).toEqual(first.answer.output)
    expect((await hospital.centre.ledger.verify()).groupsFen.get("2201")).toBe(yuan(35_150))
  })

  it("undo 2305 and reversal 2601 take a settlement back; 2601 takes a registration back", async () => {
    const hospital = await openHospital()
    const { input, visit, personNumber, admission } = await admit(hospital)
    const settled = await hospital.call("2304", input())
    const ids = { psn_no: personNumber, mdtrt_id: visit }
    const undone = await hospital.call("2305", { data: { ...ids, setl_id: settled.msgid } })
    expect(undone.answer).toMatchObject({
      infcode: 0,
      output: { setlinfo: { fund_pay_sumamt: -30950, acct_pay: -4200, balc: 4200 } },
    })
    const again = await hospital.call("2304", input())
    expect(
      await hospital.call("2601", { data: { psn_no: personNumber, omsgid: again.msgid, oinfno: "2304" } }),
    ).toMatchObject({ answer: { infcode: 0 } })
    expect(
      await hospital.call("2601", { data: { psn_no: personNumber, omsgid: "nothing000", oinfno: "2304" } }),
    ).toMatchObject({ answer: { infcode: -1, err_msg: expect.stringMatching(/^S08 /) } })
    const reversal = { data: { psn_no: personNumber, omsgid: admission.msgid, oinfno: "2401" } }
    expect((await hospital.call("2601", reversal)).answer.infcode).toBe(0)
    expect((await hospital.call("2601", reversal)).answer.infcode).toBe(0)
    expect((await hospital.call("2304", input())).answer.err_msg).toMatch(/^S03 /)
  })

  it.each([
    ["another name", { psn_name: "别人" }],
    ["another card", { mdtrt_cert_no: "S00000020" }],
    ["nobody", { certno: "999999198506150028" }],
  ])("1101 with %s tells nothing, always in the same words, and is written down", async (_, changes) => {
    const hospital = await openHospital()
    const { answer } = await hospital.call("1101", { data: { ...PERSON_INPUT.data, ...changes } })
    expect(answer).toMatchObject({ infcode: -1, err_msg: "S02 参保人信息不符", output: {} })
    const audit = await hospital.store.transaction((rows) => rows.list("medicalAudit"))
    expect(audit.at(-1)).toMatchObject({ actor: `${HOSPITAL}/nurse-1`, purpose: "1101" })
  })

  it("a provider sees no visits and settlements of another", async () => {
    const hospital = await openHospital()
    const { input, visit, personNumber } = await admit(hospital)
    const settled = await hospital.call("2304", input())
    const other = { fixmedins_code: CLINIC, opter: "nurse-2", sign_no: "" }
    const signIn = await hospital.call("9001", { signIn: { opter_no: "nurse-2" } }, other)
    const asOther = { ...other, sign_no: signIn.answer.output.signinoutb.sign_no }
    const ids = { psn_no: personNumber, mdtrt_id: visit }
    for (const [infno, body] of [
      ["2303", input()],
      ["2305", { data: { ...ids, setl_id: settled.msgid } }],
      ["2404", { data: ids }],
      ["2601", { data: { psn_no: personNumber, omsgid: settled.msgid, oinfno: "2304" } }],
    ] as const)
      expect((await hospital.call(infno, body, asOther)).answer).toMatchObject({
        infcode: -1,
        err_msg: expect.stringMatching(/^S0[38] /),
      })
  })

  it("needs a sign-in of this operator at this provider, which ends after twelve hours or by 9002", async () => {
    const hospital = await openHospital()
    for (const changes of [{ sign_no: null }, { sign_no: "00" }, { opter: "nurse-9" }, { fixmedins_code: CLINIC }])
      expect((await hospital.call("1101", PERSON_INPUT, changes)).answer.err_msg).toMatch(/^SIGN /)
    hospital.clock.set("2025-06-10 23:00:00")
    expect((await hospital.call("1101", PERSON_INPUT)).answer.err_msg).toMatch(/^SIGN /)
    const fresh = await openHospital()
    const signIn = await fresh.call("9001", { signIn: { opter_no: "nurse-1" } })
    const sign_no = signIn.answer.output.signinoutb.sign_no
    expect((await fresh.call("9002", { signOut: { sign_no, opter_no: "nurse-1" } })).answer.infcode).toBe(0)
    expect((await fresh.call("1101", PERSON_INPUT, { sign_no })).answer.err_msg).toMatch(/^SIGN /)
  })

  it.each([
    ["S04", { acdet_flag: "1" }, {}],
    ["S05", {}, { pin_verified_flag: "0" }],
    ["S06", {}, { fund_pay_sumamt: 1, psn_cash_pay: 1 }],
  ])("refuses with %s in err_msg", async (code, visit, settlement) => {
    const hospital = await openHospital()
    const { personNumber } = await admit(hospital)
    const admission = await hospital.call("2401", { data: { psn_no: personNumber, med_type: "21", ...visit } })
    const data = {
      psn_no: personNumber,
      mdtrt_id: admission.answer.output.data.mdtrt_id,
      medfee_sumamt: 40000,
      pin_verified_flag: "1",
      ...settlement,
    }
    expect((await hospital.call("2304", { data, feedetail: FEES })).answer).toMatchObject({
      infcode: -1,
      err_msg: expect.stringMatching(`^${code} `),
      output: {},
    })
  })

  it.each([
    ["msgid", { msgid: "1" }, "msgid"],
    ["an unknown transaction number in the body", { infno: "9999" }, "infno"],
    ["no provider", { fixmedins_code: "" }, "fixmedins_code"],
    ["no input", { input: null }, "input"],
    [
      "a fee with three decimals",
      {
        input: {
          data: { psn_no: "1", mdtrt_id: "1", medfee_sumamt: 1 },
          feedetail: [{ ...FEES[0], det_item_fee_sumamt: 1.005 }],
        },
      },
      "input.feedetail.0.det_item_fee_sumamt",
    ],
    [
      "a negative fee",
      {
        input: {
          data: { psn_no: "1", mdtrt_id: "1", medfee_sumamt: 1 },
          feedetail: [{ ...FEES[0], det_item_fee_sumamt: -1 }],
        },
      },
      "input.feedetail.0.det_item_fee_sumamt",
    ],
    [
      "a sum that is none",
      { input: { data: { psn_no: "1", mdtrt_id: "1", medfee_sumamt: 1 }, feedetail: FEES } },
      "input.data.medfee_sumamt",
    ],
  ])("answers 400 and names the field: %s", async (_, changes, field) => {
    const hospital = await openHospital()
    const { status, answer } = await hospital.call("2304", {}, changes)
    expect([status, answer.field]).toEqual([400, field])
  })

  it("no name, number or item stands in the log", async () => {
    const hospital = await openHospital()
    const { input } = await admit(hospital)
    await hospital.call("2304", input())
    await hospital.call("2304", input({ medfee_sumamt: PERSON }))
    await hospital.call("1101", { data: { ...PERSON_INPUT.data, certno: 1 } })
    expect(hospital.log.length).toBeGreaterThan(4)
    expect(JSON.stringify(hospital.log)).not.toMatch(/99999919|测试|A01|S00000012/)
  })
})

describe("the centre's windows over HTTP", () => {
  const application = {
    id: "CASE-1",
    condition: "EMIGRATION",
    person: PERSON,
    applicant: { name: "测试一号", id: PERSON, role: "self" },
    evidence: [
      {
        type: "EXIT_CERT",
        number: "E-1",
        issuer: "出入境管理",
        issuedOn: "2025-06-10",
        eventOn: "2025-06-10",
        holderId: PERSON,
        holderName: "测试一号",
      },
    ],
    materials: ["applicantId", "applicationForm", "payeeAccount", "originalCard"],
    payee: { accountNumber: "6217000000000000046", accountName: "测试一号" },
  }

  async function openWindow(tokens?: ReadonlyMap<string, string>) {
    const world = await openMedicalWorld()
    await world.centre.changeInsured(PERSON, { state: "3", stoppedOn: "20250610" })
    const server = await startHttpServer({ routes: medicalRoutes(world.centre), ...(tokens && { tokens }) })
    running.push(server)
    const post = async (path: string, body: object, token?: string) => {
      const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) }
      const response = await fetch(server.url + path, { method: "POST", headers, body: JSON.stringify(body) })
      // biome-ignore lint/suspicious/noExplicitAny: answers have many shapes
      return { status: response.status, answer: (await response.json()) as any }
    }
    return { ...world, post }
  }

  it("a withdrawal goes through its steps", async () => {
    const { post } = await openWindow()
    expect((await post("/medical/withdrawals", { operator: "w1", application })).answer).toMatchObject({
      ok: true,
      state: "materialsChecked",
    })
    for (const name of ["verify", "freeze", "approve"])
      expect((await post(`/medical/withdrawals/CASE-1/${name}`, { operator: "w1" })).answer).toMatchObject({ ok: true })
    expect((await post("/medical/withdrawals/CASE-1/pay", { operator: "w1" })).status).toBe(400)
    expect((await post("/medical/withdrawals/CASE-1/pay", { operator: "w2" })).answer).toMatchObject({
      ok: true,
      state: "closed",
      amountFen: "420000",
    })
  })

  it("whoever has a token acts in his own name, whatever the body says", async () => {
    const { post, store } = await openWindow(new Map([["t1", "window-1"]]))
    expect((await post("/medical/withdrawals", { operator: "chief", application })).status).toBe(401)
    await post("/medical/withdrawals", { operator: "chief", application }, "t1")
    const query = {
      asker: { kind: "operator", id: "chief" },
      subject: PERSON,
      object: "audit",
      channel: "window",
      purpose: "check",
    }
    const { answer } = await post("/medical/records", query, "t1")
    expect(answer.requestedBy).toBe("window-1")
    const audit = await store.transaction((rows) => rows.list("medicalAudit"))
    expect(audit.map(({ actor }) => actor)).toEqual(["window-1", "window-1"])
  })

  it("R7: the pooled account is refused here as well; a form that is none is 400", async () => {
    const { post } = await openWindow()
    const pooled = { operator: "w1", application: { ...application, account: "pooled" } }
    expect((await post("/medical/withdrawals", pooled)).answer).toMatchObject({ ok: false, code: "W01", rule: "R7" })
    expect((await post("/medical/withdrawals/decide", { account: "pooled", channel: "atm" })).answer).toMatchObject({
      allowed: false,
      code: "W01",
    })
    const wrong = await post("/medical/withdrawals", { operator: "w1", application: { ...application, person: "1" } })
    expect([wrong.status, wrong.answer.field]).toEqual([400, "application.person"])
  })

  it("is described, with the national messages", async () => {
    const { centre } = await openMedicalWorld()
    const routes = [...medicalRoutes(centre), ...nationalRoutes(centre)]
    const server = await startHttpServer({
      routes: [...routes, ...aboutRoutes({ title: "medical", version: "1" }, routes)],
    })
    running.push(server)
    const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: Record<string, object> }
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(["/medical/withdrawals/{id}/pay", "/fsi/api/callService/2207", "/medical/records"]),
    )
  })
})
