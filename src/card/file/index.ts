export { type CardFile, type CardFileOptions, createCardFile, openCardFile, readCardFile } from "./card-file.js"
export type { CardFileWarning } from "./card-state.js"
export { existingSnapshot, listSnapshots, restoreSnapshot, type SnapshotEntry, takeSnapshot } from "./snapshot.js"
