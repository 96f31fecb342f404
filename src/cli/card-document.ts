import { hexNumber } from "../apdu/index.js"
import type { CardReading, DirectoryReading, OpenedFileReading } from "../terminal/index.js"

/** What was read from a card as a JSON document with stable field ids. */
export function cardDocument(reading: CardReading): object {
  const { person, pin, genuine, pki, payment } = reading
  return {
    ok: true,
    version: person.version,
    person: person.values,
    ...(person.missing.length > 0 && { missing: person.missing.map(missingDocument) }),
    ...(person.unknown.length > 0 && { unknown: person.unknown }),
    ...(genuine && { genuine: genuine.ok ? true : { code: genuine.code } }),
    ...(pin && { pin: { code: pin.code, triesLeft: pin.triesLeft } }),
    ...(reading.directories.length > 0 && { directories: reading.directories.map(directoryDocument) }),
    ...(pki && { pki: pkiDocument(pki) }),
    ...(payment && {
      payment: payment.map((application) => ({ ...application, statusWord: hexNumber(application.statusWord, 4) })),
    }),
  }
}

function pkiDocument({ refusal, objects }: NonNullable<CardReading["pki"]>): object {
  if (refusal !== undefined) return { statusWord: hexNumber(refusal, 4) }
  return Object.fromEntries(
    objects.map((object) => [
      object.id,
      object.refusal === undefined ? (object.content ?? null) : { statusWord: hexNumber(object.refusal, 4) },
    ]),
  )
}

const missingDocument = ({ record, field, statusWord }: OpenedFileReading["missing"][number]) => ({
  record,
  id: field?.id,
  statusWord: hexNumber(statusWord, 4),
})

function directoryDocument({ directory, refusal, files }: DirectoryReading): object {
  return {
    name: directory.name,
    ...(refusal !== undefined && { statusWord: hexNumber(refusal, 4) }),
    files: files.map(fileDocument),
  }
}

function fileDocument({ file, unlisted, refusal, values, missing, unknown, keys }: OpenedFileReading): object {
  return {
    fid: hexNumber(file.fid, 4),
    id: file.id,
    ...(unlisted ? { unlisted } : { read: file.read }),
    ...(refusal !== undefined && { statusWord: hexNumber(refusal, 4) }),
    ...(keys && { keys: keys.map(({ key, refusal: why }) => ({ key, ...(why && { code: why.code }) })) }),
    fields: values.map(({ field, record, value }) => ({ id: field.id, record, value: value ?? null })),
    missing: missing.map(missingDocument),
    unknown,
  }
}
