import type { Application, CommandTable } from "../../application.js"
import { checkKeyPair, generateKeyPair, importKeyPair, openEnvelope, writeKeyObject } from "./key-pairs.js"
import { changeAdminPin, updateMasterKey } from "./master-key.js"
import { authenticateMaster, pinDigest, verifyPin } from "./proofs.js"
import { newPkiState } from "./state.js"

const proofs: CommandTable = {
  "0020": verifyPin,
  "0082": authenticateMaster,
  "80C4": pinDigest,
}

/** What the social security application has and this one has not. */
const without = ["0088", "805E"]

/** PKI.社会保障: PINs and master key can be proved here already; they hold in the certificate application (card-structure §12). */
export const pkiEnvironmentApplication: Application = { name: "PKI environment", commands: proofs, without }

/** SS.CERT.ADF1: key pairs and certificates (card-commands §12). */
export const certificateApplication: Application = {
  name: "certificates",
  commands: {
    ...proofs,
    "8040": generateKeyPair,
    "804A": importKeyPair,
    "804E": openEnvelope,
    "80C2": writeKeyObject,
    "80C9": checkKeyPair,
    "845E": changeAdminPin,
    "84D4": updateMasterKey,
  },
  without,
  newState: newPkiState,
}
