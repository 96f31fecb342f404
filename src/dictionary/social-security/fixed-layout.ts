import bufferLayout, { type Layout } from "buffer-layout"
import type { FixedFile } from "./types.js"

type Parts = Record<string, Uint8Array>

const layouts = new WeakMap<FixedFile, Layout<Record<string, Buffer>>>()

/** The byte layout of a record of fixed length, made of its fields once. */
function layoutOf(file: FixedFile): Layout<Record<string, Buffer>> {
  const known = layouts.get(file)
  if (known) return known
  const layout = bufferLayout.struct<Record<string, Buffer>>(
    file.fields.map((field) => bufferLayout.blob(field.length, field.id)),
  )
  if (layout.span !== file.recordLength)
    throw new RangeError(`file: the fields of ${file.id} make ${layout.span} bytes, not ${file.recordLength}`)
  layouts.set(file, layout)
  return layout
}

/** Puts the coded fields of a record together. @param parts bytes by field id, each of its field's length */
export function packRecord(file: FixedFile, parts: Parts): Uint8Array {
  const layout = layoutOf(file)
  const record = Buffer.alloc(layout.span)
  layout.encode(Object.fromEntries(Object.entries(parts).map(([id, bytes]) => [id, asBuffer(bytes)])), record)
  return new Uint8Array(record)
}

/** Takes a record of at least the right length apart. @returns bytes by field id */
export function unpackRecord(file: FixedFile, record: Uint8Array): Parts {
  const parts = layoutOf(file).decode(asBuffer(record))
  return Object.fromEntries(Object.entries(parts).map(([id, bytes]) => [id, new Uint8Array(bytes)]))
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
