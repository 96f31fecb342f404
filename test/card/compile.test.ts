import { describe, expect, it } from "vitest"
import { hex, InputError } from "../../src/apdu/index.js"
import { protocolOfAtr } from "../../src/card/atr.js"
import {
  type CardSpec,
  cardFromLayout,
  compileLayout,
  type DirectorySpec,
  type FileSpec,
  PAGE_SIZE,
} from "../../src/card/index.js"
import { TEST_ATR, testCardSpec } from "../support/test-card.js"

const key = (name: string, id: number) => ({ name, id, value: new Uint8Array(16), tries: 3 })

const file = (change: Partial<FileSpec> = {}): FileSpec =>
  ({
    name: "EF05",
    fid: 0xef05,
    structure: "transparent",
    read: "free",
    write: "free",
    content: new Uint8Array(4),
    ...change,
  }) as FileSpec

/** A card of one environment that has a DF, both changed by the test. */
function spec(
  environment: Partial<DirectorySpec> = {},
  df: Partial<DirectorySpec> = {},
  card: Partial<CardSpec> = {},
): CardSpec {
  return {
    name: "card",
    atr: TEST_ATR,
    algorithm: "3des",
    root: {
      name: "MF",
      fid: 0x3f00,
      fci: new Uint8Array(0),
      directories: [
        {
          name: "ENV",
          fid: 0xddf1,
          fci: new Uint8Array(0),
          environment: true,
          pin: { value: hex("1234"), tries: 3 },
          keys: [key("UK", 4), { ...key("STK", 2), use: "maintenance" }],
          directories: [{ name: "DF", fid: 0xdf01, fci: new Uint8Array(0), keys: [key("RK", 0x82)], ...df }],
          ...environment,
        },
      ],
    },
    ...card,
  }
}

describe("compileLayout refuses", () => {
  it.each<[string, CardSpec, string, RegExp]>([
    [
      "an unknown key in a rule",
      spec({}, { files: [file({ read: "PIN|RK9" })] }),
      "DF.EF05.read",
      /one of PIN, UK, STK, RK, got "RK9"/,
    ],
    ["an unknown key in a writing rule", spec({}, { files: [file({ write: "UK+X" })] }), "DF.EF05.write", /"X"/],
    ["a local key of another directory", spec({ files: [file({ read: "RK" })] }), "ENV.EF05.read", /"RK"/],
    ["an empty operand", spec({}, { files: [file({ read: "PIN|" })] }), "DF.EF05.read", /got ""/],
    [
      "a key that authenticates nobody",
      spec({}, { files: [file({ read: "STK" })] }),
      "DF.EF05.read",
      /use "external", got STK/,
    ],
    ["a PIN where none is", spec({ pin: undefined, files: [file({ read: "PIN" })] }), "ENV.EF05.read", /"PIN"/],
    ["a FID given twice", spec({ files: [file(), file({ name: "EF06" })] }), "ENV", /FID EF05, got EF05 and EF06/],
    [
      "a file with the FID of a directory",
      spec({ files: [file({ fid: 0xdf01 })] }),
      "ENV",
      /FID DF01, got EF05 and DF/,
    ],
    ["a file name given twice", spec({ files: [file(), file({ fid: 0xef06 })] }), "ENV", /name EF05/],
    [
      "an SFI given twice",
      spec({ files: [file({ sfi: 3 }), file({ name: "B", fid: 0xef06, sfi: 3 })] }),
      "ENV.B.sfi",
      /SFI 3/,
    ],
    ["an SFI of 31", spec({ files: [file({ sfi: 31 })] }), "ENV.EF05.sfi", /0..30, got 31/],
    ["a FID of three bytes", spec({ files: [file({ fid: 0x10000 })] }), "ENV.EF05.fid", /65535/],
    ["a directory name given twice", spec({}, { name: "ENV" }), "ENV", /one directory of this name/],
    [
      "an AID given twice",
      spec({ aid: hex("A000000001") }, { aid: hex("A000000001") }),
      "DF.aid",
      /ENV has A000000001/,
    ],
    ["an AID of 17 bytes", spec({ aid: new Uint8Array(17) }), "ENV.aid.length", /1..16, got 17/],
    ["an FCI of 256 bytes", spec({ fci: new Uint8Array(256) }), "ENV.fci.length", /0..255/],
    ["a global key in a plain DF", spec({}, { keys: [key("K", 5)] }), "DF.K.id", /80 or higher/],
    ["a key id given twice", spec({ keys: [key("A", 4), key("B", 4)] }), "ENV.B", /like A/],
    ["a key name given twice", spec({ keys: [key("A", 4), key("A", 5)] }), "ENV.A", /like A/],
    [
      "a key of 8 bytes",
      spec({ keys: [{ ...key("A", 4), value: new Uint8Array(8) }] }),
      "ENV.A.value",
      /16 bytes, got 8/,
    ],
    [
      "more keys than the security state has bits",
      spec({}, { keys: Array.from({ length: 32 }, (_, i) => key(`K${i}`, 0x80 + i)) }),
      "DF.K31",
      /at most 31 keys/,
    ],
    ["no tries", spec({ pin: { value: hex("1234"), tries: 0 } }), "ENV.pin.tries", /1..15, got 0/],
    [
      "more tries left than can be told",
      spec({ pin: { value: hex("1234"), tries: 3, triesLeft: 16 } }),
      "ENV.pin.triesLeft",
      /0..15/,
    ],
    ["a PIN of 7 bytes", spec({ pin: { value: new Uint8Array(7), tries: 3 } }), "ENV.pin.value.length", /2..6, got 7/],
    [
      "an element given twice",
      spec({
        elements: [
          { id: "a", initial: new Uint8Array(1) },
          { id: "a", initial: new Uint8Array(1) },
        ],
      }),
      "ENV.a",
      /one element/,
    ],
    ["an empty file", spec({ files: [file({ content: new Uint8Array(0) })] }), "ENV.EF05.content.length", /got 0/],
    [
      "a record without room",
      spec({
        files: [
          file({ structure: "variable", records: [{ content: new Uint8Array(5), room: 4 }] } as Partial<FileSpec>),
        ],
      }),
      "ENV.EF05.records[0].content",
      /at most 4 bytes, got 5/,
    ],
    [
      "255 records",
      spec({
        files: [
          file({
            structure: "variable",
            records: Array(255).fill({ content: new Uint8Array(1) }),
          } as Partial<FileSpec>),
        ],
      }),
      "ENV.EF05.records.length",
      /0..254/,
    ],
    [
      "a cyclic record of another length",
      spec({
        files: [
          file({
            structure: "cyclic",
            recordLength: 4,
            recordCount: 2,
            records: [new Uint8Array(3)],
          } as Partial<FileSpec>),
        ],
      }),
      "ENV.EF05.records[0]",
      /4 bytes, got 3/,
    ],
    [
      "more cyclic records than there is room for",
      spec({
        files: [
          file({
            structure: "cyclic",
            recordLength: 1,
            recordCount: 1,
            records: [new Uint8Array(1), new Uint8Array(1)],
          } as Partial<FileSpec>),
        ],
      }),
      "ENV.EF05.records.length",
      /0..1, got 2/,
    ],
    ["an ATR of one byte", spec({}, {}, { atr: Uint8Array.of(0x3b) }), "atr", /2 to 33 bytes/],
    ["an ATR of 34 bytes", spec({}, {}, { atr: new Uint8Array(34) }), "atr", /got 34/],
  ])("%s", (_, card, field, message) => {
    const refusal = (() => {
      try {
        compileLayout(card)
        return undefined
      } catch (error) {
        return error
      }
    })()
    expect(refusal).toBeInstanceOf(InputError)
    expect((refusal as InputError).field).toBe(field)
    expect((refusal as InputError).message).toMatch(message)
  })

  it("a command table whose keys are no CLA INS", () => {
    const application = { name: "a", commands: { "80e": () => 0x9000 } }
    expect(() => compileLayout(spec({}, { application }))).toThrow(/^commands:/)
  })
})

describe("compileLayout", () => {
  it("gives the image whole pages and an idle journal at its end", () => {
    const { image, journal } = compileLayout(testCardSpec())
    expect(image.length % PAGE_SIZE).toBe(0)
    expect(journal.offset % PAGE_SIZE).toBe(0)
    expect(journal.offset + journal.length).toBe(image.length)
    expect(image.subarray(journal.offset).every((byte) => byte === 0)).toBe(true)
  })

  it("makes the journal as large as the largest file, so that it can be written at once", () => {
    expect(compileLayout(spec({ files: [file({ content: new Uint8Array(4096) })] })).journal.length).toBeGreaterThan(
      4096,
    )
  })

  it("takes the low five bits of the FID as SFI where they are free", () => {
    const files = [
      file(),
      file({ name: "EF25", fid: 0xef25 }),
      file({ name: "EF1F", fid: 0xef1f }),
      file({ name: "X", fid: 0xef06, sfi: 7 }),
    ]
    const environment = compileLayout(spec({ files })).root.directories[0]!
    expect(environment.files.map(({ sfi }) => sfi)).toEqual([5, 0, 0, 7])
    expect(environment.filesBySfi[5]?.name).toBe("EF05")
  })

  it("gives every option its default", () => {
    expect(compileLayout(spec()).options).toEqual({
      shortLe: "6c",
      case4WithLe: "61",
      emptyRecords: "padded",
      externalAuthP2Zero: true,
      externalAuthOrder: "AX",
      sm4Mac: "xor4",
      pinMessageKey: "STK",
      reload84D4: false,
      contactless: "open",
      channels: 1,
      chaining: 0,
      extendedLength: true,
    })
  })

  it("looks for the left operand in the environment first, for the right one in the directory first", () => {
    const twins = spec(
      { keys: [key("K", 4)] },
      { keys: [key("K", 0x82)], files: [file({ read: "K+K" }), file({ name: "B", fid: 1, read: "K" })] },
    )
    const [both, alone] = compileLayout(twins).root.directories[0]!.directories[0]!.files
    expect(both!.read.alternatives).toEqual([[2, 1]])
    expect(alone!.read.alternatives).toEqual([[0, 1]])
  })

  it("takes a directory with a PIN as an environment of its own", () => {
    const layout = compileLayout(spec({}, { pin: { value: hex("0000"), tries: 3 } }))
    const df = layout.root.directories[0]!.directories[0]!
    expect(df.environment).toBe(df)
  })

  it("lets SELECT find the fuller of two names that begin alike, whatever their order", () => {
    const [long, short] = [hex("A00000000102"), hex("A000000001")]
    const card = cardFromLayout(compileLayout(spec({ aid: long }, { aid: short })))
    card.powerOn()
    card.process(hex("00A4040005A000000001"))
    expect(card.session.directory.name).toBe("DF")
    card.process(hex("00A4040006A00000000102"))
    expect(card.session.directory.name).toBe("ENV")
  })

  it("makes directories reachable by FID in the order of card-commands §3", () => {
    const plain = (name: string, fid: number, directories: DirectorySpec[] = []): DirectorySpec => ({
      name,
      fid,
      fci: new Uint8Array(0),
      directories,
    })
    const inner = plain("inner", 3, [plain("below", 4)])
    const layout = compileLayout(spec({}, { fid: 2, directories: [inner, plain("sibling", 5)] }))
    const df = layout.root.directories[0]!.directories[0]!
    const reached = [...df.directories[0]!.directoriesByFid.values()].map(({ name }) => name)
    expect(reached).toEqual(["below", "inner", "sibling", "DF", "MF", "ENV"])
  })

  it("makes cards that answer at once", () => {
    const card = cardFromLayout(compileLayout(spec()))
    card.powerOn()
    expect(card.process(hex("00A4000002DDF1"))).toEqual(hex("9000"))
  })
})

describe("the protocol of an ATR (ISO 7816-3 §8.2.3)", () => {
  it.each([
    ["3B6D00000081543100866011081600 0001", "T=0"],
    ["3B00", "T=0"],
    ["3B8001 81", "T=1"],
    ["3B80800101", "T=1"],
    ["3B8D8001008154310086601108160000 0100", "T=1"],
    ["3B 90 11 00", "T=0"],
    ["3B D0 11 00 80 31 C0", "T=1"],
    ["3B", "T=0"],
  ])("%s is %s", (atr, protocol) => {
    expect(protocolOfAtr(hex(atr))).toBe(protocol)
  })
})
