import { describe, expect, it } from "vitest"
import { hex } from "../../../src/apdu/index.js"
import { type BindingName, type PcscBinding, type PcscCard, snapshot } from "../../../src/terminal/pcsc/binding.js"
import { doctorJson, runDoctor } from "../../../src/terminal/pcsc/doctor/doctor.js"
import type { DoctorEnvironment } from "../../../src/terminal/pcsc/doctor/environment.js"
import { pcscError } from "../../../src/terminal/pcsc/errors.js"
import type { ReaderSnapshot } from "../../../src/terminal/readers/reader.js"

let readers = 0
/** A name of its own for each test: calls to one reader wait for each other. */
const virtual = () => `Virtual PCD 00 ${readers++}`
const ATR = hex("3B00")
const HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"
const tcp = (...entries: [local: string, state: string][]) =>
  [
    HEAD,
    ...entries.map(([local, state], i) => `   ${i}: ${local} 0100007F:E000 ${state} 00000000:00000000 00:0 0 0`),
  ].join("\n")
const LISTENING = tcp(["00000000:8C7B", "0A"], ["00000000:8C7C", "0A"])

/** A service whose cards are answered by `transmit`. */
function service(
  found: ReaderSnapshot[],
  transmit: () => Promise<Uint8Array> = async () => hex("9000"),
  refusal?: number,
) {
  const card: PcscCard = {
    protocol: 1,
    atr: async () => ATR,
    transmit,
    control: async () => hex(""),
    disconnect: async () => {},
  }
  const binding: PcscBinding = {
    name: "smartcard",
    open: async () => ({
      readers: async () => found,
      watch: () => ({ close() {} }),
      async connect(reader) {
        if (refusal !== undefined) throw pcscError(refusal, { operation: "connect", reader })
        return card
      },
      close: async () => {},
    }),
  }
  return binding
}

const refusing = (number: number): PcscBinding => ({
  name: "smartcard",
  open: () => Promise.reject(pcscError(number, { operation: "open" })),
})

/** A Linux machine on which all is well; each test says what is otherwise. */
function machine(changes: Partial<DoctorEnvironment> & { binding?: PcscBinding; files?: Record<string, string> } = {}) {
  const { binding = service([snapshot(virtual(), 0x10022, ATR)]), files = {}, ...rest } = changes
  const all: Record<string, string> = { "/proc/net/tcp": LISTENING, "/.dockerenv": "", ...files }
  const environment: DoctorEnvironment = {
    platform: "linux",
    nodeVersion: "20.20.2",
    variables: {},
    bindings: ["smartcard", "pcsclite", "pcsc-mini"],
    isInstalled: (name) => name === "smartcard",
    loadBinding: async () => binding,
    hasKoffi: () => true,
    packageVersion: (name) => (name === "smartcard" ? "3.7.0" : undefined),
    readText: (path) => all[path],
    listFolder: () => [],
    exists: (path) => path in all,
    run: (_, ...args) => (args.at(-1) === "pcscd" ? "1.9.9-2\n" : undefined),
    now: () => performance.now(),
    ...rest,
  }
  return environment
}

const found = async (environment: DoctorEnvironment, code: string) => {
  const findings = await runDoctor(environment)
  const one = findings.filter((finding) => finding.code === code)
  if (one.length === 0)
    throw new Error(`no ${code} among ${findings.map(({ id, code: other }) => `${id} ${other ?? ""}`)}`)
  return one[0]!
}

describe("9.4.1 the doctor's findings", () => {
  it("all is well where all is well", async () => {
    const findings = await runDoctor(machine())
    expect(findings.filter(({ level }) => level === "error" || level === "warning")).toEqual([])
    expect(findings.map(({ id }) => id)).toEqual([
      "D1",
      "D2",
      "D3",
      "D4",
      "D5",
      "D6",
      "D7",
      "D8",
      "D9",
      "D9",
      "D10",
      "D11",
      "D12",
    ])
    expect(findings.every(({ ok }) => ok)).toBe(true)
  })

  it("D1 no binding", async () => {
    expect(await found(machine({ isInstalled: () => false }), "BINDING_MISSING")).toEqual({
      id: "D1",
      ok: false,
      level: "error",
      code: "BINDING_MISSING",
      message: {
        en: "No PC/SC module is installed. Emulated cards work without it.",
        zh: "未安装 PC/SC 模块,虚拟卡不受影响。",
      },
      remedy: {
        en: "npm i pcsc-mini (no compiler), or npm i smartcard",
        zh: "npm i pcsc-mini(无需编译器),或 npm i smartcard",
      },
    })
  })

  it.each<[string, BindingName, string, string]>([
    [
      "the library is missing",
      "pcsc-mini",
      "libpcsclite.so.1: cannot open shared object file",
      "sudo apt install libpcsclite1",
    ],
    [
      "headers were missing",
      "smartcard",
      "fatal error: winscard.h: No such file",
      "sudo apt install libpcsclite-dev build-essential python3",
    ],
    [
      "Node was upgraded",
      "pcsclite",
      "was compiled against a different NODE_MODULE_VERSION 108",
      "npm rebuild pcsclite",
    ],
    [
      "scripts did not run",
      "smartcard",
      "Cannot find module '../../build/Release/smartcard_napi.node'\nRequire stack:",
      "sudo apt install libpcsclite-dev build-essential python3; npm approve-scripts smartcard && npm rebuild smartcard",
    ],
    [
      "the platform's package is missing",
      "pcsc-mini",
      "Required addon dependency not found",
      "npm i pcsc-mini --include=optional",
    ],
  ])("D2 a binding that does not load as %s", async (_, name, text, remedy) => {
    const environment = machine({
      isInstalled: (other) => other === name,
      loadBinding: () => Promise.reject(new Error(text)),
    })
    const finding = await found(environment, "BINDING_BROKEN")
    expect(finding).toMatchObject({ id: "D2", ok: false, remedy: { en: remedy, zh: remedy } })
    expect(finding.message.en).toContain(text.split("\n")[0])
    expect(finding.message.en).not.toContain("\n")
  })

  it("D2 is a warning where another binding loads", async () => {
    const well = service([snapshot(virtual(), 0x10022, ATR)])
    const environment = machine({
      isInstalled: () => true,
      loadBinding: (name) => (name === "pcsclite" ? Promise.reject(new Error("broken")) : Promise.resolve(well)),
    })
    expect(await found(environment, "BINDING_BROKEN")).toMatchObject({ ok: true, level: "warning" })
  })

  it.each([
    [
      "on Debian",
      machine({ binding: refusing(0x8010001d), exists: () => false }),
      "systemctl enable --now pcscd.socket",
    ],
    ["in a container", machine({ binding: refusing(0x8010001d) }), "pcscd --foreground &"],
    ["on Windows", machine({ binding: refusing(0x8010001d), platform: "win32" }), "SCardSvr"],
    ["stopped", machine({ binding: refusing(0x8010001e) }), "pcscd"],
  ])("D3 no service %s", async (_, environment, remedy) => {
    const finding = await found(environment, "NO_SERVICE")
    expect(finding).toMatchObject({ id: "D3", ok: false, message: { zh: "PC/SC 服务未运行。" } })
    expect(finding.remedy!.en).toContain(remedy)
  })

  it("D3 another failure of the service", async () => {
    expect(await found(machine({ binding: refusing(0x80100006) }), "PCSC_ERROR")).toMatchObject({ id: "D3", ok: false })
  })

  it.each([
    ["0x8010006A", machine({ binding: refusing(0x8010006a) })],
    [
      "NO_SERVICE from a daemon that runs",
      machine({
        binding: refusing(0x8010001d),
        files: { "/run/pcscd/pcscd.comm": "", "/run/pcscd/pcscd.pid": "77\n", "/proc/77/comm": "pcscd\n" },
      }),
    ],
  ])("D4 a refusal by polkit: %s", async (_, environment) => {
    const finding = await found(environment, "ACCESS_DENIED")
    expect(finding).toMatchObject({ id: "D4", ok: false, message: { zh: "权限不足(polkit 拒绝)。" } })
    for (const part of [
      "50-shebao-pcsc.rules",
      "org.debian.pcsc-lite.access_card",
      "usermod -aG pcscd",
      "--disable-polkit",
    ])
      expect(finding.remedy!.en).toContain(part)
  })

  it("D5 no reader, and no device on USB", async () => {
    const findings = await runDoctor(machine({ binding: service([]) }))
    expect(findings.find(({ id }) => id === "D5")).toMatchObject({
      ok: false,
      code: "NO_READER",
      message: { zh: "未找到读卡器。" },
    })
    expect(findings.find(({ id }) => id === "D6")).toBeUndefined()
  })

  it("D6 a reader on USB without a driver", async () => {
    const environment = machine({
      binding: service([]),
      listFolder: (path) => (path === "/sys/bus/usb/devices" ? ["usb1", "1-1:1.0"] : []),
      files: {
        "/sys/bus/usb/devices/usb1/bInterfaceClass": "09\n",
        "/sys/bus/usb/devices/1-1:1.0/bInterfaceClass": "0B\n",
      },
    })
    expect(await found(environment, "DRIVER_MISSING")).toMatchObject({
      id: "D6",
      ok: false,
      remedy: { en: expect.stringContaining("pn533") },
    })
  })

  it.each([
    ["no card", 0x12, "NO_CARD", true],
    ["a mute card", 0x10222, "CARD_MUTE", false],
    ["a card that others use", 0x10122, "IN_USE", true],
  ])("D7 %s", async (_, state, code, ok) => {
    const reader = virtual()
    const finding = await found(machine({ binding: service([snapshot(reader, state, ATR)]) }), code)
    expect(finding).toMatchObject({ id: "D7", ok })
    expect(finding.message.en).toContain(reader)
    expect(finding.message.zh).toContain(reader)
  })

  it("D8 a card that another program holds exclusively", async () => {
    const reader = virtual()
    const binding = service([snapshot(reader, 0x100a2, ATR)], undefined, 0x8010000b)
    const finding = await found(machine({ binding }), "SHARING_VIOLATION")
    expect(finding).toMatchObject({ id: "D8", ok: false, message: { zh: `卡片被其他程序独占。[${reader}]` } })
    expect(finding.remedy!.en).toContain("scdaemon")
  })

  it("D8 a card that cannot be connected for another reason", async () => {
    const binding = service([snapshot(virtual(), 0x10022, ATR)], undefined, 0x80100067)
    expect(await found(machine({ binding }), "CARD_MUTE")).toMatchObject({ id: "D8", ok: false })
  })

  it.each([
    ["nothing listens", tcp(), ["NOT_LISTENING", "NOT_LISTENING"]],
    ["both slots are free", LISTENING, [undefined, undefined]],
    [
      "a card is in the first slot",
      tcp(["00000000:8C7B", "0A"], ["0100007F:8C7B", "01"], ["00000000:8C7C", "0A"]),
      [undefined, undefined],
    ],
    ["the only line is a card's", tcp(["0100007F:8C7B", "01"]), [undefined, "NOT_LISTENING"]],
  ])("D9 %s", async (_, table, codes) => {
    const findings = await runDoctor(machine({ files: { "/proc/net/tcp": table } }))
    expect(findings.filter(({ id }) => id === "D9").map(({ code }) => code)).toEqual(codes)
  })

  it("D9 ports open to the network, outside a container", async () => {
    const finding = await found(machine({ exists: () => false }), "PORT_EXPOSED")
    expect(finding).toMatchObject({ id: "D9", ok: true, level: "warning" })
    const local = tcp(["0100007F:8C7B", "0A"], ["0100007F:8C7C", "0A"])
    await expect(
      found(machine({ exists: () => false, files: { "/proc/net/tcp": local } }), "PORT_EXPOSED"),
    ).rejects.toThrow()
  })

  it("D9 is not for other systems", async () => {
    expect(await found(machine({ platform: "darwin" }), "NOT_SUPPORTED")).toMatchObject({ id: "D9", ok: true })
  })

  it.each([
    [[43.2, 44, 47.9], "SLOW_DRIVER"],
    [[43.2, 44, 0.2], undefined],
    [[61, 61, 61], undefined],
  ])("D10 exchanges of %j ms", async (times, code) => {
    let now = 0
    const durations = [...times]
    const transmit = async () => {
      now += durations.shift()!
      return hex("6A82")
    }
    const binding = service([snapshot(virtual(), 0x10022, ATR)], transmit)
    const findings = await runDoctor(machine({ binding, now: () => now }))
    expect(findings.find(({ id }) => id === "D10")?.code).toBe(code)
  })

  it("D10 is for virtual readers only", async () => {
    const binding = service([snapshot(`ACS ACR122U ${readers++}`, 0x10022, ATR)])
    expect((await runDoctor(machine({ binding }))).some(({ id }) => id === "D10")).toBe(false)
  })

  it("D11 koffi", async () => {
    expect(await found(machine({ hasKoffi: () => false }), "NO_QUICK_ACK")).toMatchObject({
      id: "D11",
      ok: true,
      remedy: { en: "npm i koffi" },
    })
  })

  it("D12 versions and threads", async () => {
    const findings = await runDoctor(machine({ variables: { UV_THREADPOOL_SIZE: "2" } }))
    const [versions, threads] = findings.filter(({ id }) => id === "D12")
    expect(versions!.message.en).toBe("Versions: node 20.20.2, pcscd 1.9.9-2, smartcard 3.7.0")
    expect(threads).toMatchObject({ code: "FEW_THREADS", ok: true, level: "warning" })
  })

  it("is printed as JSON in either language", async () => {
    const findings = await runDoctor(machine({ binding: refusing(0x8010001d), exists: () => false }))
    const d3 = (language: "en" | "zh") => doctorJson(findings, language).checks.find(({ id }) => id === "D3")
    const remedy = "sudo apt install pcscd && sudo systemctl enable --now pcscd.socket"
    const common = { id: "D3", ok: false, level: "error", code: "NO_SERVICE", remedy }
    expect(d3("en")).toEqual({ ...common, message: "The PC/SC service is not running." })
    expect(d3("zh")).toEqual({ ...common, message: "PC/SC 服务未运行。" })
    expect(JSON.parse(JSON.stringify(doctorJson(findings))).checks).toHaveLength(findings.length)
  })

  it("says everything in both languages", async () => {
    const worst = [
      machine({ isInstalled: () => false }),
      machine({ binding: service([]) }),
      machine({ binding: refusing(0x8010006a) }),
      machine({ exists: () => false, hasKoffi: () => false }),
    ]
    for (const environment of worst)
      for (const { message } of await runDoctor(environment)) {
        expect(message.en).toMatch(/^[\x20-\x7e]+$/)
        expect(message.zh).toMatch(/[\u4e00-\u9fff]/)
      }
  })
})
