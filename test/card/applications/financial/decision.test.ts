import { describe, expect, it } from "vitest"
import {
  CRYPTOGRAM,
  type FirstRisk,
  firstDecision,
  type SecondRisk,
  secondDecision,
} from "../../../../src/card/applications/financial/decision.js"

const { aac, tc, arqc } = CRYPTOGRAM
const calm: FirstRisk = { active: true, pinBlockedBefore: false, action: 0xc000, cvr3: 0, cvr4: 0 }

describe("the first decision (financial-emv §20)", () => {
  it.each<[string, number, Partial<FirstRisk>, number]>([
    ["AAC asked", aac, {}, aac],
    ["ARQC asked", arqc, {}, arqc],
    ["TC asked, nothing speaks against it", tc, {}, tc],
    ["TC asked, last on-line transaction not completed", tc, { cvr3: 0x80 }, arqc],
    ["TC asked, PIN limit exceeded", tc, { cvr3: 0x40 }, arqc],
    ["TC asked, velocity exceeded", tc, { cvr3: 0x20 }, arqc],
    ["TC asked, new card", tc, { cvr3: 0x10 }, arqc],
    ["TC asked, issuer authentication failed last", tc, { cvr3: 0x08 }, arqc],
    ["TC asked, script failed last", tc, { cvr4: 0x08 }, arqc],
    ["TC asked, scripts were run last", tc, { cvr4: 0x20 }, tc],
    ["ARQC asked, all of that", arqc, { cvr3: 0xff, cvr4: 0xff }, arqc],
    ["ARQC asked, PIN blocked before, no rule for it", arqc, { pinBlockedBefore: true }, arqc],
    ["ARQC asked, PIN blocked before and decline is the rule", arqc, { pinBlockedBefore: true, action: 0x0040 }, aac],
    ["TC asked, PIN blocked before and decline is the rule", tc, { pinBlockedBefore: true, action: 0x0040 }, aac],
    ["ARQC asked, application blocked by a script", arqc, { active: false }, aac],
    ["TC asked, application blocked by a script", tc, { active: false }, aac],
  ])("%s", (_, asked, risk, expected) => {
    expect(firstDecision(asked, { ...calm, ...risk })).toBe(expected)
  })
})

const online: SecondRisk = {
  active: true,
  online: true,
  issuerAuthentication: "passed",
  issuerAuthenticationMandatory: true,
  pinBlockedBefore: false,
  newCard: false,
  limitExceeded: false,
  action: 0xc000,
}
const offline: SecondRisk = { ...online, online: false, issuerAuthentication: "none" }

describe("the second decision (financial-emv §20)", () => {
  it.each<[string, number, SecondRisk, number]>([
    ["AAC asked", aac, online, aac],
    ["ARQC asked", arqc, online, aac],
    ["TC asked, issuer authenticated", tc, online, tc],
    ["issuer authentication failed", tc, { ...online, issuerAuthentication: "failed" }, aac],
    ["issuer authentication failed, no rule for it", tc, { ...online, issuerAuthentication: "failed", action: 0 }, tc],
    ["issuer authentication missing", tc, { ...online, issuerAuthentication: "none" }, aac],
    [
      "issuer authentication missing, but optional",
      tc,
      { ...online, issuerAuthentication: "none", issuerAuthenticationMandatory: false },
      tc,
    ],
    ["on-line, limits do not matter", tc, { ...online, limitExceeded: true, newCard: true, action: 0xffff }, tc],
    ["application blocked by a script", tc, { ...online, active: false }, aac],
    ["unable on-line", tc, offline, tc],
    ["unable on-line, AAC asked", aac, offline, aac],
    ["unable on-line, limit exceeded", tc, { ...offline, limitExceeded: true }, aac],
    ["unable on-line, new card", tc, { ...offline, newCard: true }, tc],
    ["unable on-line, new card and decline is the rule", tc, { ...offline, newCard: true, action: 0x0100 }, aac],
    ["unable on-line, PIN blocked before", tc, { ...offline, pinBlockedBefore: true }, tc],
    [
      "unable on-line, PIN blocked before and decline is the rule",
      tc,
      { ...offline, pinBlockedBefore: true, action: 0x0010 },
      aac,
    ],
  ])("%s", (_, asked, risk, expected) => {
    expect(secondDecision(asked, risk)).toBe(expected)
  })
})
