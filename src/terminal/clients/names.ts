import { findDirectory, pkiApplication, pkiEnvironment, socialSecurityTables } from "../../dictionary/index.js"

/** Names of applications that a terminal selects (card-structure §4.1). */
export const SSSE_NAME = findDirectory(socialSecurityTables("2.00"), "SSSE").aid
/** "PKI.社会保障" */
export const PKI_NAME = pkiEnvironment.aid
/** "SS.CERT.ADF1", inside the PKI application. */
export const CERTIFICATE_NAME = pkiApplication.aid
