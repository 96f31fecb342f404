export type { Application, Command, CommandTable, Handler } from "./application.js"
export { type CardSignature, signWithCard } from "./applications/pki/signature-service.js"
export { type SamKeySpec, type SamSpec, samCardSpec } from "./applications/sam/specification.js"
export { type Card, type CardRuntimeOptions, cardFromLayout } from "./card.js"
export { LogicalChannels } from "./channels.js"
export { compileLayout } from "./compile.js"
export * from "./contents/index.js"
export type { Context } from "./context.js"
export { type Difference, differences } from "./differences.js"
export * from "./file/index.js"
export type {
  AccessRule,
  ControlInformation,
  DataObject,
  Directory,
  ElementaryFile,
  Layout,
  RecordSlot,
  Region,
  Secret,
} from "./layout.js"
export { CardMemory, type Memory } from "./memory.js"
export { PAGE_SIZE, Pages } from "./pages.js"
export * from "./profile/index.js"
export { type RandomSource, seededRandom } from "./random.js"
export type { ResponseBuffer } from "./response-buffer.js"
export type { Session } from "./session.js"
export type {
  CardOptions,
  CardSpec,
  CyclicFileSpec,
  DataObjectSpec,
  DirectorySpec,
  ElementSpec,
  FileSpec,
  FixedFileSpec,
  KeySpec,
  OperatingSystem,
  PinSpec,
  TransparentFileSpec,
  VariableFileSpec,
  VariableRecordSpec,
} from "./specification.js"
