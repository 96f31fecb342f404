import { ShebaoError } from "../../../apdu/index.js"
import type { BindingName, PcscBinding, PcscContext } from "../binding.js"
import type { DoctorEnvironment } from "./environment.js"
import { type Bilingual, type Finding, failure, info, warning, well } from "./finding.js"

const SOCKET = "/run/pcscd/pcscd.comm"
const PID_FILE = "/run/pcscd/pcscd.pid"

/** D1 and D2: which bindings are there and can be loaded. @returns the first that loads, in the usual order */
export async function checkBindings(
  environment: DoctorEnvironment,
): Promise<{ findings: Finding[]; binding?: PcscBinding }> {
  const installed = environment.bindings.filter(environment.isInstalled)
  if (installed.length === 0) {
    const remedy = {
      en: "npm i pcsc-mini (no compiler), or npm i smartcard",
      zh: "npm i pcsc-mini(无需编译器),或 npm i smartcard",
    }
    const [en, zh] = [
      "No PC/SC module is installed. Emulated cards work without it.",
      "未安装 PC/SC 模块,虚拟卡不受影响。",
    ]
    return { findings: [failure("D1", en, zh, "BINDING_MISSING", remedy)] }
  }
  const findings = [well("D1", `PC/SC modules: ${installed.join(", ")}`, `PC/SC 模块:${installed.join("、")}`)]
  const loaded: PcscBinding[] = []
  const broken: { name: BindingName; error: unknown }[] = []
  for (const name of installed) {
    try {
      loaded.push(await environment.loadBinding(name))
    } catch (error) {
      broken.push({ name, error })
    }
  }
  for (const { name, error } of broken) {
    const text = error instanceof Error ? error.message : String(error)
    const why = text.split("\n")[0]!
    const report = loaded.length > 0 ? warning : failure
    findings.push(
      report(
        "D2",
        `The PC/SC module ${name} cannot be loaded: ${why}`,
        `PC/SC 模块 ${name} 无法加载:${why}`,
        "BINDING_BROKEN",
        remedyForLoading(name, text),
      ),
    )
  }
  const binding = loaded[0]
  if (binding === undefined) return { findings }
  const names = loaded.map(({ name }) => name)
  findings.push(well("D2", `Loaded: ${names.join(", ")}`, `已加载:${names.join("、")}`))
  return { findings, binding }
}

function remedyForLoading(name: BindingName, text: string): string {
  if (/libpcsclite\.so\.1/.test(text)) return "sudo apt install libpcsclite1"
  if (/winscard\.h/.test(text)) return "sudo apt install libpcsclite-dev build-essential python3"
  if (/NODE_MODULE_VERSION/.test(text)) return `npm rebuild ${name}`
  if (name === "pcsc-mini") return "npm i pcsc-mini --include=optional"
  return `sudo apt install libpcsclite-dev build-essential python3; npm approve-scripts ${name} && npm rebuild ${name}`
}

/** D3 and D4: whether the service answers, and whether it answers this user. */
export async function checkService(
  environment: DoctorEnvironment,
  binding: PcscBinding,
): Promise<{ findings: Finding[]; context?: PcscContext }> {
  try {
    const context = await binding.open()
    return {
      findings: [
        well("D3", "The PC/SC service answers.", "PC/SC 服务正常。"),
        well("D4", "This user may use it.", "当前用户有权使用。"),
      ],
      context,
    }
  } catch (error) {
    const code = error instanceof ShebaoError ? error.code : "PCSC_ERROR"
    if (code === "ACCESS_DENIED" || (code === "NO_SERVICE" && serviceRuns(environment)))
      return { findings: [failure("D4", ...DENIED, "ACCESS_DENIED", POLKIT)] }
    if (code === "NO_SERVICE")
      return {
        findings: [
          failure("D3", "The PC/SC service is not running.", "PC/SC 服务未运行。", code, startService(environment)),
        ],
      }
    const why = error instanceof Error ? error.message : String(error)
    return {
      findings: [failure("D3", `The PC/SC service fails: ${why}`, `PC/SC 服务出错:${why}`, code)],
    }
  }
}

/** True when the daemon runs and its socket is there, so that a refusal is meant for this user. */
function serviceRuns({ exists, readText }: DoctorEnvironment): boolean {
  const pid = readText(PID_FILE)?.trim()
  return exists(SOCKET) && pid !== undefined && readText(`/proc/${pid}/comm`)?.trim() === "pcscd"
}

/** True in a container, as far as can be told. */
export const inContainer = ({ exists }: DoctorEnvironment): boolean =>
  exists("/.dockerenv") || exists("/run/.containerenv")

function startService(environment: DoctorEnvironment): Bilingual | string {
  if (environment.platform === "win32")
    return {
      en: "Start the service Smart Card (SCardSvr). Windows stops it when no reader was ever attached.",
      zh: "启动 Smart Card (SCardSvr) 服务;从未接入读卡器时 Windows 会停止它。",
    }
  if (inContainer(environment)) return "sudo apt install pcscd; pcscd --foreground &"
  return "sudo apt install pcscd && sudo systemctl enable --now pcscd.socket"
}

const DENIED = ["pcscd refuses this user (polkit).", "权限不足(polkit 拒绝)。"] as const

const RULE = `polkit.addRule(function (action, subject) {
  if ((action.id == "org.debian.pcsc-lite.access_pcsc" ||
       action.id == "org.debian.pcsc-lite.access_card") &&
      subject.isInGroup("pcscd")) { return polkit.Result.YES; }
});`
const GROUP = 'sudo groupadd -f pcscd && sudo usermod -aG pcscd "$USER"'
const RULE_FILE = "/etc/polkit-1/rules.d/50-shebao-pcsc.rules"

/** readers §7.3 */
const POLKIT: Bilingual = {
  en: `Write to ${RULE_FILE}:\n${RULE}\nthen: ${GROUP}, and log in again. In a container: pcscd --disable-polkit`,
  zh: `写入 ${RULE_FILE}:\n${RULE}\n然后执行:${GROUP},并重新登录。容器中:pcscd --disable-polkit`,
}

/** Says that the checks after a failed one were not made. */
export const skipped = (id: Finding["id"]): Finding =>
  info(id, "Not checked: an earlier check failed.", "未检查:前面的检查未通过。", "SKIPPED")
