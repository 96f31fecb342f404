export {
  type KeyServerHttpOptions,
  type KeyServerRejection,
  type RunningKeyServer,
  startKeyServer,
} from "./http.js"
export { createKeyServer, type KeyServer, type KeyServerEvent, type KeyServerOptions } from "./key-server.js"
