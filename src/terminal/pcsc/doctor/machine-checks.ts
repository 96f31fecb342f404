import type { DoctorEnvironment } from "./environment.js"
import { type Finding, info, warning, well } from "./finding.js"
import { inContainer } from "./service-checks.js"

/** Ports of the vpcd driver's two slots (readers §2.1). */
const PORTS = [35963, 35964]
const LISTENING = "0A"
const ESTABLISHED = "01"
const EVERYWHERE = "00000000"

/**
 * D9: the ports of the virtual reader, read from the kernel's table. Never by connecting: that would insert a card.
 */
export function checkPorts(environment: DoctorEnvironment): Finding[] {
  const table = environment.readText("/proc/net/tcp")
  if (environment.platform !== "linux" || table === undefined)
    return [info("D9", "The virtual reader exists on Linux only.", "虚拟读卡器仅支持 Linux。", "NOT_SUPPORTED")]
  const sockets = table.split("\n").map((line) => line.trim().split(/\s+/))
  return PORTS.flatMap((port) => {
    const suffix = `:${port.toString(16).toUpperCase()}`
    const local = sockets.filter(([, address]) => address?.endsWith(suffix))
    const listening = local.find(([, , , state]) => state === LISTENING)
    const taken = local.some(([, , , state]) => state === ESTABLISHED)
    if (listening === undefined && !taken)
      return [
        info(
          "D9",
          `Nothing listens on port ${port} of the virtual reader.`,
          `虚拟读卡器端口 ${port} 未监听。`,
          "NOT_LISTENING",
          {
            en: "Only for shebao serve: sudo apt install vsmartcard-vpcd, then sudo systemctl restart pcscd; pcscd may also be asleep.",
            zh: "仅 shebao serve 需要:sudo apt install vsmartcard-vpcd,然后 sudo systemctl restart pcscd;也可能 pcscd 处于休眠。",
          },
        ),
      ]
    const findings = [
      taken
        ? well("D9", `A card is in slot ${port} of the virtual reader.`, `虚拟读卡器端口 ${port} 已有卡。`)
        : well("D9", `Slot ${port} of the virtual reader is free.`, `虚拟读卡器端口 ${port} 空闲。`),
    ]
    if (listening?.[1]?.startsWith(EVERYWHERE) && !inContainer(environment))
      findings.push(
        warning(
          "D9",
          `Port ${port} is reachable from the network, without authentication.`,
          `端口 ${port} 可从网络访问,且无认证。`,
          "PORT_EXPOSED",
          {
            en: `Block TCP port ${port} from other hosts in the firewall.`,
            zh: `请在防火墙中禁止其他主机访问 TCP 端口 ${port}。`,
          },
        ),
      )
    return findings
  })
}

/** D11: the cure for the slow driver. */
export function checkQuickAck(environment: DoctorEnvironment): Finding[] {
  if (environment.platform !== "linux") return []
  return environment.hasKoffi()
    ? [well("D11", "koffi is there: slow drivers are cured.", "已安装 koffi,可消除旧驱动延迟。")]
    : [
        info(
          "D11",
          "koffi is not there: an old vpcd driver stays slow.",
          "未安装 koffi,旧驱动会有延迟。",
          "NO_QUICK_ACK",
          "npm i koffi",
        ),
      ]
}

const LEAST_THREADS = 4
const DEBIAN_PACKAGES = ["pcscd", "vsmartcard-vpcd", "libccid"]

/** D12: versions, and the threads that card readers share. */
export function checkVersions(environment: DoctorEnvironment): Finding[] {
  const { nodeVersion, variables, packageVersion, run, bindings } = environment
  const packages = [...bindings, "koffi"].map((name) => [name, packageVersion(name)])
  const debian = DEBIAN_PACKAGES.map((name) => [name, run("dpkg-query", "-W", "-f", "$" + "{Version}", name)?.trim()])
  const versions = [["node", nodeVersion], ...debian, ...packages]
    .filter(([, version]) => version)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ")
  const findings = [info("D12", `Versions: ${versions}`, `版本:${versions}`)]
  const threads = variables.UV_THREADPOOL_SIZE
  if (threads !== undefined && Number(threads) < LEAST_THREADS)
    findings.push(
      warning(
        "D12",
        `UV_THREADPOOL_SIZE is ${threads}: a card that does not answer may stop everything.`,
        `UV_THREADPOOL_SIZE 为 ${threads}:一张无响应的卡可能使整个程序停住。`,
        "FEW_THREADS",
        `UV_THREADPOOL_SIZE=${LEAST_THREADS}`,
      ),
    )
  return findings
}
