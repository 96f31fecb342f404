/** The part of the package that is used; it ships no types of its own. */
declare module "buffer-layout" {
  export interface Layout<T> {
    /** Length in bytes. */
    readonly span: number
    encode(value: T, buffer: Buffer, offset?: number): number
    decode(buffer: Buffer, offset?: number): T
  }
  interface BufferLayout {
    blob(length: number, property: string): Layout<Buffer>
    struct<T>(fields: readonly Layout<Buffer>[], property?: string): Layout<T>
  }
  const bufferLayout: BufferLayout
  export default bufferLayout
}
