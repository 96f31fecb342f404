import { describe, expect, it } from "vitest"
import { type Card, createCard, lintProfile, parseProfile, profileTables } from "../../../src/card/index.js"
import { send } from "../../support/financial-card.js"
import { authenticate } from "../../support/terminal.js"

const SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"

/** A city with a file in the SSSE and a directory of its own (card-structure §4.1, §11). */
const city = {
  extends: "employee",
  localFiles: [
    {
      directory: "SSSE",
      keys: [{ name: "UKCITY", id: "0E" }],
      files: [
        {
          structure: "variable",
          fid: "EF0E",
          id: "city",
          read: "free",
          write: "UKCITY",
          records: [
            { tag: "E0", id: "busPass", type: "CN", length: 4 },
            {
              tag: "E1",
              id: "ride",
              times: 2,
              items: [
                { tag: "01", id: "line", type: "AN", length: 3 },
                { tag: "02", id: "fare", type: "DEC", length: 2 },
              ],
            },
          ],
        },
      ],
    },
    {
      directory: "DF0A",
      aid: "D1560000050A",
      label: { zh: "公交", en: "buses" },
      keys: [
        { name: "RK1DF0A", id: "82", role: "read" },
        { name: "UK1DF0A", id: "83" },
      ],
      files: [
        { structure: "transparent", fid: "EF05", id: "picture", size: 8, read: "PIN|RK1DF0A", write: "UK1DF0A" },
        {
          structure: "cyclic",
          fid: "EF06",
          id: "trip",
          recordCount: 2,
          read: "PIN+RK1DF0A",
          write: "UK1DF0A",
          fields: [
            { id: "date", type: "CN", length: 4 },
            { id: "stop", type: "AN", length: 2 },
          ],
        },
      ],
    },
  ],
  fields: {
    "SSSE.busPass": "20250101",
    "SSSE.ride": [{ line: "B1", fare: 200 }],
    "DF0A.picture": "AABB",
    "DF0A.trip": [{ date: "20250102", stop: "X" }],
  },
}

function cardOf(changes: object = {}): Card {
  const card = createCard({ profile: parseProfile({ ...city, ...changes }), seed: "local" })
  card.powerOn()
  send(card, SSSE)
  return card
}

describe("files that a profile describes itself", () => {
  it("stand in directories of the tables, with their fields and keys", () => {
    const card = cardOf()
    send(card, "00A4000002EF0E")
    expect(send(card, "00B2010400")).toBe("E004202501019000")
    expect(send(card, "00B2020400")).toBe("E1090103423100020200C89000")
    expect(send(card, "00B2030400")).toBe("E109010300000002020000" + "9000")
    const write = () => send(card, "00DC010406E00420260101")
    expect(write()).toBe("6982")
    authenticate(card, "UKCITY")
    expect(write()).toBe("9000")
  })

  it("stand in directories of their own", () => {
    const card = cardOf()
    expect(send(card, "00A4040006D1560000050A")).toBe("6F0D8406D1560000050AA5038801019000")
    send(card, "00A4000002EF05")
    expect(send(card, "00B0000008")).toBe("6982")
    authenticate(card, "RK1DF0A")
    expect(send(card, "00B0000008")).toBe("AABB0000000000009000")
    send(card, "00A4000002EF06")
    expect(send(card, "00B2010400")).toBe("6982")
    expect(send(card, "0020000003123456")).toBe("9000")
    expect(send(card, "00B2010400")).toBe("2025010258009000")
  })

  it("are named by the tables of the card, and linted", () => {
    const profile = parseProfile(city)
    expect(profileTables(profile).map(({ name }) => name)).toContain("DF0A")
    expect(lintProfile(profile)).toEqual([])
  })

  it.each<[string, object, RegExp]>([
    [
      "a new directory without AID",
      { localFiles: [{ ...city.localFiles[1], aid: undefined }] },
      /^localFiles\[0\]\.aid: missing/,
    ],
    [
      "a record of no form",
      {
        localFiles: [
          { directory: "SSSE", files: [{ ...city.localFiles[0]!.files[0], records: [{ tag: "E0", id: "x" }] }] },
        ],
      },
      /^localFiles\.x: expected length and type, or items/,
    ],
    [
      "a rule of unknown names",
      { localFiles: [{ directory: "SSSE", files: city.localFiles[0]!.files }] },
      /SSSE\.EF0E\.write: expected free, never/,
    ],
    [
      "a file that is there already",
      {
        localFiles: [{ directory: "SSSE", files: [{ ...city.localFiles[0]!.files[0], fid: "EF05", write: "UKssse" }] }],
      },
      /EF05/,
    ],
  ])("refuse %s", (_, changes, message) => {
    expect(() => cardOf({ ...changes, fields: {} })).toThrow(message)
  })
})
