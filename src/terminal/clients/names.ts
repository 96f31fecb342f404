import { hex } from "../../apdu/index.js"
import { findDirectory, socialSecurityTables } from "../../dictionary/index.js"

/** Names of applications that a terminal selects (card-structure §4.1). */
export const SSSE_NAME = findDirectory(socialSecurityTables("2.00"), "SSSE").aid
/** "PKI.社会保障" */
export const PKI_NAME = hex("504B492EC9E7BBE1B1A3D5CF")
/** "SS.CERT.ADF1", inside the PKI application. */
export const CERTIFICATE_NAME = hex("53532E434552542E41444631")
