/** Says that the driver delays every command (readers §5.3). */
export const SLOW_DRIVER = {
  code: "SLOW_DRIVER",
  message:
    "Every command is delayed by about 40 ms: the vpcd driver is from before 2023 (Debian 12 ships such a one). " +
    "Install the optional package koffi (npm i koffi) or a newer driver.",
  messageZh: "虚拟读卡器驱动过旧,每条指令延迟约 40 毫秒;请安装可选依赖 koffi 或更新驱动。",
} as const

const GAPS = 10
const SLOW_GAPS = 8
const MIN_MILLISECONDS = 35
const MAX_MILLISECONDS = 60

/**
 * Recognises a driver that waits for a delayed ACK between the length and the body of each message: of the first 10
 * gaps inside a message at least 8 last 35 to 60 ms (readers §5.3).
 *
 * @returns takes one gap in milliseconds; true once, at the gap that settles it
 */
export function slowDriverDetector(): (gapMilliseconds: number) => boolean {
  let gaps = 0
  let slow = 0
  return (gap) => {
    if (gaps === GAPS || slow === SLOW_GAPS) return false
    gaps += 1
    if (gap < MIN_MILLISECONDS || gap > MAX_MILLISECONDS) return false
    slow += 1
    return slow === SLOW_GAPS
  }
}
