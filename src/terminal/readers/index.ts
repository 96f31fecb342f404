export { chooseReader, chooseSamReader, type ReaderWish } from "./choose.js"
export { type MemoryReader, type MemoryReaderOptions, memoryReader } from "./memory.js"
export type { CardConnection, ConnectOptions, ReaderEvent, ReaderSnapshot, ReaderSystem } from "./reader.js"
export { type ReplayOptions, replayCard, replayReader } from "./replay.js"
