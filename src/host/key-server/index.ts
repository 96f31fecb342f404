export {
  type KeyServerHttpOptions,
  type KeyServerRejection,
  keyRoutes,
  type RunningKeyServer,
  startKeyServer,
} from "./http.js"
export { createKeyServer, type KeyServer, type KeyServerEvent, type KeyServerOptions } from "./key-server.js"
