// The least that a Node process can do for the vpcd driver: no power states, no checks, one card, one answer.
import { createRequire } from "node:module"
import { connect } from "node:net"

const ATR = Buffer.from("00113B6D000000815431008660110816000001", "hex")
const ANSWER = Buffer.from(`0014${"00".repeat(18)}9000`, "hex")

const setsockopt = createRequire(import.meta.url)("koffi")
  .load(null)
  .func("int setsockopt(int fd, int level, int name, const void *value, uint32_t length)")
const one = Buffer.from(Int32Array.of(1).buffer)
const socket = connect(35963, "127.0.0.1")
const rearm = () => setsockopt((socket as unknown as { _handle: { fd: number } })._handle.fd, 6, 12, one, 4)
let pending = Buffer.alloc(0)
socket.setNoDelay(true)
socket.on("connect", rearm)
socket.once("data", () => console.log("inserted"))
socket.on("data", (chunk) => {
  pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
  while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
    const end = 2 + pending.readUInt16BE(0)
    if (end > 3) socket.write(ANSWER)
    else if (pending[2] === 4) socket.write(ATR)
    pending = pending.subarray(end)
  }
  if (pending.length > 0) rearm()
})
